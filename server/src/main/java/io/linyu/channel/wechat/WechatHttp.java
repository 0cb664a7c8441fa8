package io.linyu.channel.wechat;

import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.apache.http.client.config.CookieSpecs;
import org.apache.http.client.config.RequestConfig;
import org.apache.http.conn.ConnectTimeoutException;
import org.apache.http.conn.ssl.DefaultHostnameVerifier;
import org.apache.http.impl.client.CloseableHttpClient;
import org.apache.http.impl.client.HttpClients;

/// The connections to the platform. They are ours and not those of WxJava, some releases of which
/// trust every certificate.
final class WechatHttp {
  private static final int CONNECT_MILLIS = 2_000;
  private static final int RESPONSE_MILLIS = 4_000;
  private static final int CONNECTIONS = 150;

  private WechatHttp() {}

  /// Repeats nothing by itself and follows nobody elsewhere with a token in the URL.
  static CloseableHttpClient client(SSLContext trusted) {
    return HttpClients.custom()
        .setSSLContext(trusted)
        .setSSLHostnameVerifier(new DefaultHostnameVerifier())
        .setMaxConnPerRoute(CONNECTIONS)
        .setMaxConnTotal(2 * CONNECTIONS)
        .setConnectionTimeToLive(5, TimeUnit.MINUTES)
        .setDefaultRequestConfig(
            RequestConfig.custom()
                .setConnectTimeout(CONNECT_MILLIS)
                .setConnectionRequestTimeout(CONNECT_MILLIS)
                .setSocketTimeout(RESPONSE_MILLIS)
                .setCookieSpec(CookieSpecs.IGNORE_COOKIES)
                .setRedirectsEnabled(false)
                .build())
        .disableAutomaticRetries()
        .disableRedirectHandling()
        .disableCookieManagement()
        .disableAuthCaching()
        .build();
  }

  /// Whether it failed before a word of the request was out.
  static boolean isUnsent(IOException failure) {
    return failure instanceof ConnectException
        || failure instanceof ConnectTimeoutException
        || failure instanceof UnknownHostException
        || failure instanceof NoRouteToHostException
        || failure instanceof SSLHandshakeException
        || failure instanceof SSLPeerUnverifiedException;
  }
}
