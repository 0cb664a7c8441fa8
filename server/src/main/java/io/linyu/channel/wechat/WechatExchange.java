package io.linyu.channel.wechat;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.linyu.platform.text.Json;
import java.io.IOException;
import java.io.InputStream;
import me.chanjar.weixin.common.enums.WxType;
import me.chanjar.weixin.common.error.WxError;
import me.chanjar.weixin.common.error.WxErrorException;
import me.chanjar.weixin.common.util.http.RequestExecutor;
import me.chanjar.weixin.common.util.http.ResponseHandler;
import org.apache.http.HttpEntity;
import org.apache.http.client.HttpResponseException;
import org.apache.http.client.methods.CloseableHttpResponse;
import org.apache.http.client.methods.HttpGet;
import org.apache.http.client.methods.HttpPost;
import org.apache.http.client.methods.HttpUriRequest;
import org.apache.http.entity.ContentType;
import org.apache.http.entity.StringEntity;
import org.apache.http.impl.client.CloseableHttpClient;

/// A question and its answer, both JSON. WxJava's own takes an empty object for a yes and an empty
/// page for a no; here whatever does not say how it went is neither.
final class WechatExchange implements RequestExecutor<JsonNode, String> {
  private static final int LARGEST = 1024 * 1024;

  private final CloseableHttpClient http;
  private final boolean post;
  private final boolean answered;

  private WechatExchange(CloseableHttpClient http, boolean post, boolean answered) {
    this.http = http;
    this.post = post;
    this.answered = answered;
  }

  /// Asks for something, which comes with a code or without. What is asked is the query.
  static WechatExchange get(CloseableHttpClient http) {
    return new WechatExchange(http, false, true);
  }

  /// The same, asked in the body.
  static WechatExchange getByPost(CloseableHttpClient http) {
    return new WechatExchange(http, true, true);
  }

  /// Has something done, of which the code says whether it was. What is asked is the body.
  static WechatExchange post(CloseableHttpClient http) {
    return new WechatExchange(http, true, false);
  }

  /// It says nothing that the platform would say.
  static final class Nonsense extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Nonsense() {
      super("an answer that is not the platform's", null, false, false);
    }
  }

  @Override
  public JsonNode execute(String uri, String asked, WxType type)
      throws WxErrorException, IOException {
    return ask(request(uri, asked));
  }

  JsonNode ask(HttpUriRequest request) throws WxErrorException, IOException {
    try (CloseableHttpResponse response = http.execute(request)) {
      int status = response.getStatusLine().getStatusCode();
      HttpEntity entity = response.getEntity();
      if (status != 200) {
        throw new HttpResponseException(status, "no answer");
      }
      if (entity == null) {
        throw new Nonsense();
      }
      JsonNode answer = read(entity);
      JsonNode code = answer.path("errcode");
      if (answered && code.isMissingNode() && answer.isObject() && !answer.isEmpty()) {
        return answer;
      }
      if (!code.canConvertToInt()) {
        throw new Nonsense();
      }
      if (code.asInt() != 0) {
        throw new WxErrorException(
            WxError.builder()
                .errorCode(code.asInt())
                .errorMsg(answer.path("errmsg").asText())
                .build());
      }
      return answer;
    }
  }

  @Override
  public void execute(String uri, String asked, ResponseHandler<JsonNode> handler, WxType type)
      throws WxErrorException, IOException {
    handler.handle(execute(uri, asked, type));
  }

  private HttpUriRequest request(String uri, String asked) {
    if (!post) {
      return new HttpGet(asked.isEmpty() ? uri : uri + "&" + asked);
    }
    var request = new HttpPost(uri);
    request.setEntity(new StringEntity(asked, ContentType.APPLICATION_JSON.withCharset(UTF_8)));
    return request;
  }

  private static JsonNode read(HttpEntity entity) throws IOException {
    try (InputStream in = entity.getContent()) {
      byte[] bytes = in.readNBytes(LARGEST + 1);
      if (bytes.length > LARGEST) {
        throw new Nonsense();
      }
      return Json.MAPPER.readTree(bytes);
    } catch (JsonProcessingException e) {
      throw new Nonsense();
    }
  }
}
