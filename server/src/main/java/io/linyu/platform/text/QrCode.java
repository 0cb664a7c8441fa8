package io.linyu.platform.text;

import com.google.zxing.WriterException;
import com.google.zxing.qrcode.decoder.ErrorCorrectionLevel;
import com.google.zxing.qrcode.encoder.ByteMatrix;
import com.google.zxing.qrcode.encoder.Encoder;

/// A QR code as one path of an SVG, for a page to draw: no file, no other host.
///
/// @param side of the square in modules, with the quiet margin
/// @param path the dark modules
public record QrCode(int side, String path) {
  /// What readers need around it.
  private static final int MARGIN = 4;

  public static QrCode of(String text) {
    ByteMatrix dots = encoded(text);
    var path = new StringBuilder();
    for (int y = 0; y < dots.getHeight(); y++) {
      for (int x = 0; x < dots.getWidth(); x++) {
        int begin = x;
        while (x < dots.getWidth() && dots.get(x, y) == 1) {
          x++;
        }
        if (x > begin) {
          path.append(
              "M%d %dh%dv1h-%dz".formatted(begin + MARGIN, y + MARGIN, x - begin, x - begin));
        }
      }
    }
    return new QrCode(dots.getWidth() + 2 * MARGIN, path.toString());
  }

  private static ByteMatrix encoded(String text) {
    try {
      return Encoder.encode(text, ErrorCorrectionLevel.M).getMatrix();
    } catch (WriterException e) {
      throw new IllegalArgumentException("too long for a QR code", e);
    }
  }
}
