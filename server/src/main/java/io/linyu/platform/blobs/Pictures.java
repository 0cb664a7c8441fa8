package io.linyu.platform.blobs;

import com.drew.imaging.ImageMetadataReader;
import com.drew.imaging.ImageProcessingException;
import com.drew.metadata.MetadataException;
import com.drew.metadata.exif.ExifIFD0Directory;
import io.linyu.platform.blobs.Blobs.Blob;
import io.vertx.core.buffer.Buffer;
import java.awt.Color;
import java.awt.RenderingHints;
import java.awt.geom.AffineTransform;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Iterator;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageReadParam;
import javax.imageio.ImageReader;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageInputStream;

/// Draws pictures anew, upright and without what the camera wrote about place, time and owner.
public final class Pictures {
  /// More than any telephone's camera, less than what fills the memory.
  private static final long PIXELS_AT_MOST = 60_000_000;

  private static final int LONGEST_SIDE = 2_560;
  private static final float QUALITY = 0.85f;

  /// Each takes a good part of the memory while it is drawn.
  private static final Semaphore BRUSHES = new Semaphore(2);

  private Pictures() {}

  /// The picture as a JPEG, or empty when this is no picture that can be drawn.
  public static Optional<Blob> redrawn(Buffer original) {
    BRUSHES.acquireUninterruptibly();
    try {
      return redrawnNow(original.getBytes());
    } finally {
      BRUSHES.release();
    }
  }

  private static Optional<Blob> redrawnNow(byte[] bytes) {
    try (ImageInputStream in = ImageIO.createImageInputStream(new ByteArrayInputStream(bytes))) {
      Iterator<ImageReader> readers = ImageIO.getImageReaders(in);
      if (!readers.hasNext()) {
        return Optional.empty();
      }
      ImageReader reader = readers.next();
      try {
        reader.setInput(in, true, true);
        int width = reader.getWidth(0);
        int height = reader.getHeight(0);
        if ((long) width * height > PIXELS_AT_MOST) {
          return Optional.empty();
        }
        // What is thrown away in the end is not read at first.
        ImageReadParam how = reader.getDefaultReadParam();
        int every = Math.max(1, Math.max(width, height) / LONGEST_SIDE);
        how.setSourceSubsampling(every, every, 0, 0);
        BufferedImage upright = upright(reader.read(0, how), orientation(bytes));
        return Optional.of(new Blob("image/jpeg", jpeg(upright)));
      } finally {
        reader.dispose();
      }
    } catch (IOException | RuntimeException unreadable) {
      return Optional.empty();
    }
  }

  /// As EXIF numbers them, 1 to 8; 1 is upright.
  private static int orientation(byte[] bytes) {
    try {
      var exif =
          ImageMetadataReader.readMetadata(new ByteArrayInputStream(bytes))
              .getFirstDirectoryOfType(ExifIFD0Directory.class);
      return exif != null && exif.containsTag(ExifIFD0Directory.TAG_ORIENTATION)
          ? exif.getInt(ExifIFD0Directory.TAG_ORIENTATION)
          : 1;
    } catch (ImageProcessingException | MetadataException | IOException none) {
      return 1;
    }
  }

  private static BufferedImage upright(BufferedImage picture, int orientation) {
    int width = picture.getWidth();
    int height = picture.getHeight();
    boolean turned = orientation >= 5;
    double scale = Math.min(1.0, (double) LONGEST_SIDE / Math.max(width, height));
    var target =
        new BufferedImage(
            Math.max(1, (int) ((turned ? height : width) * scale)),
            Math.max(1, (int) ((turned ? width : height) * scale)),
            BufferedImage.TYPE_INT_RGB);
    var place = AffineTransform.getScaleInstance(scale, scale);
    place.concatenate(
        switch (orientation) {
          case 2 -> new AffineTransform(-1, 0, 0, 1, width, 0);
          case 3 -> new AffineTransform(-1, 0, 0, -1, width, height);
          case 4 -> new AffineTransform(1, 0, 0, -1, 0, height);
          case 5 -> new AffineTransform(0, 1, 1, 0, 0, 0);
          case 6 -> new AffineTransform(0, 1, -1, 0, height, 0);
          case 7 -> new AffineTransform(0, -1, -1, 0, height, width);
          case 8 -> new AffineTransform(0, -1, 1, 0, 0, width);
          default -> new AffineTransform();
        });
    var brush = target.createGraphics();
    try {
      brush.setColor(Color.WHITE);
      brush.fillRect(0, 0, target.getWidth(), target.getHeight());
      brush.setRenderingHint(
          RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BICUBIC);
      brush.drawImage(picture, place, null);
    } finally {
      brush.dispose();
    }
    return target;
  }

  private static Buffer jpeg(BufferedImage picture) throws IOException {
    ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
    var out = new ByteArrayOutputStream();
    try (var stream = ImageIO.createImageOutputStream(out)) {
      ImageWriteParam how = writer.getDefaultWriteParam();
      how.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
      how.setCompressionQuality(QUALITY);
      writer.setOutput(stream);
      writer.write(null, new IIOImage(picture, null, null), how);
    } finally {
      writer.dispose();
    }
    return Buffer.buffer(out.toByteArray());
  }
}
