package io.linyu.channel.wechat;

import io.linyu.channel.Channel.Media;
import io.linyu.channel.ChannelError.Refused;
import io.linyu.channel.ChannelError.Why;
import io.linyu.channel.wechat.WechatExchange.Nonsense;
import io.linyu.platform.blobs.FirstBytes;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.URI;
import java.time.Duration;
import java.util.Locale;
import me.chanjar.weixin.common.enums.WxType;
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
      Body body = read(entity);
      return body.isMedia() ? body.media() : film(URI.create(uri), filmIn(body.bytes().getBytes()));
    }
  }

  @Override
  public void execute(String uri, String query, ResponseHandler<Media> handler, WxType type)
      throws WxErrorException, IOException {
    handler.handle(execute(uri, query, type));
  }

  /// An error comes with status 200 too, often with another type than its own, and so does a page
  /// of whoever stands in between: what it is, its own first bytes say. Only what begins as nothing
  /// that we know, as a bare speex does, is what its type says, unless it can be read.
  private record Body(String type, Buffer bytes, boolean isMedia) {
    static boolean isMedia(String type, byte[] head) {
      return FirstBytes.areMedia(head)
          || (type.matches("(?:image|audio|voice|video)/.*") && !FirstBytes.areText(head));
    }

    Media media() {
      return new Media(type, bytes);
    }
  }

  /// Of a film it says only where it is.
  private static URI filmIn(byte[] said) throws WxErrorException {
    String url = WechatExchange.heard(said, true).path("video_url").asText();
    try {
      URI film = URI.create(url);
      if (film.getHost() != null) {
        return film;
      }
    } catch (IllegalArgumentException nonsense) {
      // as below
    }
    throw new Nonsense("neither media nor where it is");
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
      } catch (IOException | Nonsense unencrypted) {
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
      Body body = read(entity);
      if (!body.isMedia()) {
        throw new Nonsense("no film");
      }
      return body.media();
    }
  }

  /// What is not read to its end is left to the response, which breaks the connection: closing the
  /// stream would read the rest.
  private static Body read(HttpEntity entity) throws IOException {
    String type = mediaType(entity);
    InputStream in = entity.getContent();
    byte[] head = in.readNBytes(FirstBytes.ENOUGH);
    boolean isMedia = Body.isMedia(type, head);
    if (isMedia && entity.getContentLength() > LARGEST) {
      throw tooLarge();
    }
    long end = System.nanoTime() + SLOWEST.toNanos();
    Buffer bytes = Buffer.buffer(head);
    byte[] part = new byte[16 * 1024];
    for (int length = in.read(part); length >= 0; length = in.read(part)) {
      bytes.appendBytes(part, 0, length);
      if (isMedia && bytes.length() > LARGEST) {
        throw tooLarge();
      }
      if (!isMedia && bytes.length() > LARGEST_ERROR) {
        throw new Nonsense("no media, and too long");
      }
      if (System.nanoTime() > end) {
        throw new InterruptedIOException("media came too slowly");
      }
    }
    return new Body(type, bytes, isMedia);
  }

  private static Refused tooLarge() {
    return new Refused(Why.CONTENT, "larger than " + LARGEST + " bytes");
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
