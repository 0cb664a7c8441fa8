package io.linyu.channel.wechat;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.linyu.channel.Channel.Media;
import io.linyu.channel.ChannelError.Refused;
import io.linyu.channel.ChannelError.Why;
import io.linyu.platform.text.Json;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import me.chanjar.weixin.common.enums.WxType;
import me.chanjar.weixin.common.error.WxError;
import me.chanjar.weixin.common.error.WxErrorException;
import me.chanjar.weixin.common.util.http.RequestExecutor;
import me.chanjar.weixin.common.util.http.ResponseHandler;
import org.apache.http.HttpEntity;
import org.apache.http.client.HttpResponseException;
import org.apache.http.client.methods.CloseableHttpResponse;
import org.apache.http.client.methods.HttpGet;
import org.apache.http.impl.client.CloseableHttpClient;

/// Reads media into memory. WxJava's own writes files, and as much as it is sent.
final class WechatDownload implements RequestExecutor<Media, String> {
  static final int LARGEST = 20 * 1024 * 1024;

  private static final int LARGEST_ERROR = 64 * 1024;
  private static final Duration SLOWEST = Duration.ofSeconds(30);

  private final CloseableHttpClient http;

  WechatDownload(CloseableHttpClient http) {
    this.http = http;
  }

  @Override
  public Media execute(String uri, String query, WxType type) throws WxErrorException, IOException {
    try (CloseableHttpResponse response = http.execute(new HttpGet(uri + "&" + query))) {
      int status = response.getStatusLine().getStatusCode();
      HttpEntity entity = response.getEntity();
      if (status != 200 || entity == null) {
        throw new HttpResponseException(status, "media");
      }
      String mediaType = mediaType(entity);
      if (isError(mediaType)) {
        String said = new String(read(entity, LARGEST_ERROR), StandardCharsets.UTF_8);
        return film(URI.create(uri), filmIn(said, type));
      }
      return new Media(mediaType, Buffer.buffer(read(entity, LARGEST)));
    }
  }

  @Override
  public void execute(String uri, String query, ResponseHandler<Media> handler, WxType type)
      throws WxErrorException, IOException {
    handler.handle(execute(uri, query, type));
  }

  /// An error comes with status 200 too, and only its type tells.
  private static boolean isError(String mediaType) {
    return mediaType.equals("application/json") || mediaType.startsWith("text/");
  }

  /// Of a film it says only where it is.
  private static URI filmIn(String body, WxType type) throws WxErrorException {
    WxError error = WxError.fromJson(body, type);
    if (error.getErrorCode() != 0) {
      throw new WxErrorException(error);
    }
    try {
      String url = Json.MAPPER.readTree(body).path("video_url").asText();
      if (!url.isEmpty()) {
        return URI.create(url);
      }
    } catch (JsonProcessingException | IllegalArgumentException nonsense) {
      // as below
    }
    throw new Refused(Why.CONTENT, "not media but an answer in JSON");
  }

  /// At the platform's own hosts alone: nobody has us fetch what they like. It names them without
  /// encryption; we ask with it first.
  private Media film(URI api, URI film) throws IOException {
    String host = String.valueOf(film.getHost());
    boolean own = host.equals(api.getHost());
    if (!own && !host.endsWith(".qq.com") && !host.endsWith(".qpic.cn")) {
      throw new Refused(Why.CONTENT, "a film at " + host);
    }
    if (!own && "http".equals(film.getScheme())) {
      try {
        return filmAt("https" + film.toString().substring("http".length()));
      } catch (IOException unencrypted) {
        // Then as it was named.
      }
    }
    return filmAt(film.toString());
  }

  private Media filmAt(String url) throws IOException {
    try (CloseableHttpResponse response = http.execute(new HttpGet(url))) {
      int status = response.getStatusLine().getStatusCode();
      HttpEntity entity = response.getEntity();
      if (status != 200 || entity == null) {
        throw new HttpResponseException(status, "film");
      }
      return new Media(mediaType(entity), Buffer.buffer(read(entity, LARGEST)));
    }
  }

  private static byte[] read(HttpEntity entity, int most) throws IOException {
    if (entity.getContentLength() > most) {
      throw tooLarge(most);
    }
    long end = System.nanoTime() + SLOWEST.toNanos();
    Buffer bytes = Buffer.buffer();
    byte[] part = new byte[16 * 1024];
    try (InputStream in = entity.getContent()) {
      for (int length = in.read(part); length >= 0; length = in.read(part)) {
        bytes.appendBytes(part, 0, length);
        if (bytes.length() > most) {
          throw tooLarge(most);
        }
        if (System.nanoTime() > end) {
          throw new InterruptedIOException("media came too slowly");
        }
      }
    }
    return bytes.getBytes();
  }

  private static Refused tooLarge(int most) {
    return new Refused(Why.CONTENT, "larger than " + most + " bytes");
  }

  private static String mediaType(HttpEntity entity) {
    if (entity.getContentType() == null) {
      return "application/octet-stream";
    }
    String header = entity.getContentType().getValue();
    int end = header.indexOf(';');
    return (end < 0 ? header : header.substring(0, end)).strip().toLowerCase(Locale.ROOT);
  }
}
