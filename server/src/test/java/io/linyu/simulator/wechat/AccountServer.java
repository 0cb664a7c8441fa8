package io.linyu.simulator.wechat;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiConsumer;
import me.chanjar.weixin.mp.bean.message.WxMpXmlMessage;
import me.chanjar.weixin.mp.bean.message.WxMpXmlOutMessage;
import me.chanjar.weixin.mp.config.impl.WxMpDefaultConfigImpl;
import me.chanjar.weixin.mp.util.crypto.WxMpCryptUtil;

/// An account's server as others build it, on WxJava: the simulator is right when this one
/// understands it.
public final class AccountServer implements AutoCloseable {
  private final Vertx vertx = Vertx.vertx();
  private final Account account;
  private final WxMpDefaultConfigImpl config = new WxMpDefaultConfigImpl();
  private final HttpServer server;
  public final List<WxMpXmlMessage> understood = new CopyOnWriteArrayList<>();

  /// What to do with a push, instead of echoing it.
  public volatile BiConsumer<HttpServerRequest, WxMpXmlMessage> answer = this::echo;

  public AccountServer(Account account) {
    this.account = account;
    config.setAppId(account.appId());
    config.setToken(account.token());
    config.setAesKey(account.aesKey());
    server =
        vertx
            .createHttpServer()
            .requestHandler(
                request -> request.body().onSuccess(body -> receive(request, body.toString())))
            .listen(0, "127.0.0.1")
            .await();
  }

  public String url() {
    return "http://127.0.0.1:" + server.actualPort() + "/wechat/main";
  }

  private void receive(HttpServerRequest request, String body) {
    var message =
        request.getParam("encrypt_type") == null
            ? WxMpXmlMessage.fromXml(body)
            : WxMpXmlMessage.fromEncryptedXml(
                body,
                config,
                request.getParam("timestamp"),
                request.getParam("nonce"),
                request.getParam("msg_signature"));
    understood.add(message);
    answer.accept(request, message);
  }

  public void echo(HttpServerRequest request, WxMpXmlMessage message) {
    request.response().end(reply(message, "你说：" + message.getContent()));
  }

  public String reply(WxMpXmlMessage to, String text) {
    String xml =
        WxMpXmlOutMessage.TEXT()
            .content(text)
            .fromUser(account.originalId())
            .toUser(to.getFromUser())
            .build()
            .toXml();
    return account.mode() == Account.Mode.PLAIN ? xml : new WxMpCryptUtil(config).encrypt(xml);
  }

  @Override
  public void close() {
    vertx.close().await();
  }
}
