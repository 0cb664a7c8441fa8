package io.linyu.channel.wechat;

import com.fasterxml.jackson.databind.JsonNode;
import io.linyu.channel.Enclosed;
import java.io.IOException;
import me.chanjar.weixin.common.enums.WxType;
import me.chanjar.weixin.common.error.WxErrorException;
import me.chanjar.weixin.common.util.http.RequestExecutor;
import me.chanjar.weixin.common.util.http.ResponseHandler;
import org.apache.http.client.methods.HttpPost;
import org.apache.http.entity.ContentType;
import org.apache.http.entity.mime.MultipartEntityBuilder;
import org.apache.http.impl.client.CloseableHttpClient;

/// Gives the platform a file, out of memory. WxJava's own wants it on the disk.
final class WechatUpload implements RequestExecutor<JsonNode, Enclosed> {
  private final CloseableHttpClient http;

  WechatUpload(CloseableHttpClient http) {
    this.http = http;
  }

  @Override
  public JsonNode execute(String uri, Enclosed what, WxType type)
      throws WxErrorException, IOException {
    var request = new HttpPost(uri);
    // The platform goes by the ending of the name.
    request.setEntity(
        MultipartEntityBuilder.create()
            .addBinaryBody(
                "media",
                what.content().get().getBytes(),
                ContentType.create(what.type()),
                what.name())
            .build());
    return WechatExchange.get(http).ask(request);
  }

  @Override
  public void execute(String uri, Enclosed what, ResponseHandler<JsonNode> handler, WxType type)
      throws WxErrorException, IOException {
    handler.handle(execute(uri, what, type));
  }
}
