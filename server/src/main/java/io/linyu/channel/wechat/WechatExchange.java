package io.linyu.channel.wechat;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import io.linyu.channel.ChannelError.Unreachable;
import io.linyu.platform.text.Json;
import java.io.IOException;
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
import org.jspecify.annotations.Nullable;

/// A question and its answer, both JSON. WxJava's own takes an empty object for a yes and an empty
/// page for a no; here whatever does not say how it went is neither.
final class WechatExchange implements RequestExecutor<JsonNode, String> {
  /// How what is told of such an answer begins.
  static final String NONSENSE = "an answer that is not the platform's: ";

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

    /// @param what it is; never what it says, in which there may be a token
    Nonsense(String what) {
      super(NONSENSE + what, null, false, false);
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
      return heard(entity == null ? new byte[0] : read(entity), answered);
    }
  }

  /// What it says, unless it says no or nothing.
  ///
  /// @param answered whether what was asked for may come without a code
  static JsonNode heard(byte[] bytes, boolean answered) throws WxErrorException {
    JsonNode answer = json(bytes);
    JsonNode code = answer.path("errcode");
    if (answered && code.isMissingNode() && answer.isObject() && !answer.isEmpty()) {
      return answer;
    }
    if (!code.canConvertToInt()) {
      throw new Nonsense("without a code");
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

  @Override
  public void execute(String uri, String asked, ResponseHandler<JsonNode> handler, WxType type)
      throws WxErrorException, IOException {
    handler.handle(execute(uri, asked, type));
  }

  /// What was asked for, of an answer that may be one to something else.
  static String text(@Nullable JsonNode answer, String name) {
    JsonNode text = answer == null ? null : answer.get(name);
    if (text == null || !text.isTextual() || text.asText().isBlank()) {
      throw without(name);
    }
    return text.asText();
  }

  /// The same, of a list, which may be empty but not missing.
  static JsonNode list(@Nullable JsonNode answer, String name) {
    JsonNode list = answer == null ? null : answer.get(name);
    if (list == null || !list.isArray()) {
      throw without(name);
    }
    return list;
  }

  /// Only to what may be asked again.
  static Unreachable without(String name) {
    return new Unreachable(NONSENSE + "without " + name, false, null);
  }

  private HttpUriRequest request(String uri, String asked) {
    if (!post) {
      return new HttpGet(asked.isEmpty() ? uri : uri + "&" + asked);
    }
    var request = new HttpPost(uri);
    request.setEntity(new StringEntity(asked, ContentType.APPLICATION_JSON.withCharset(UTF_8)));
    return request;
  }

  private static byte[] read(HttpEntity entity) throws IOException {
    // Closing the stream would read the rest of it; the response breaks the connection.
    byte[] bytes = entity.getContent().readNBytes(LARGEST + 1);
    if (bytes.length > LARGEST) {
      throw new Nonsense("too long");
    }
    return bytes;
  }

  private static JsonNode json(byte[] bytes) {
    if (bytes.length == 0) {
      throw new Nonsense("empty");
    }
    try {
      return Json.MAPPER.readTree(bytes);
    } catch (IOException e) {
      throw new Nonsense("no JSON");
    }
  }
}
