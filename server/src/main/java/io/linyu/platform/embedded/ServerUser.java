package io.linyu.platform.embedded;

import io.linyu.platform.CannotStart;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// As whom the servers run. PostgreSQL refuses to run as root, so root starts them as nobody, or as
/// whoever owns the data already.
///
/// Nobody may be shut out of a folder above the data (`/root`, a private temporary folder). Then
/// the servers get the one capability to pass through folders, and the programs, which PostgreSQL
/// looks up without capabilities, are unpacked where everybody may go.
final class ServerUser {
  private static final String NOBODY = "65534";
  private static final Path COMMON_SHELF = Path.of("/var/cache/linyu");

  private final boolean setpriv;

  /// Whom root becomes; null: we are not root, and stay who we are.
  private final @Nullable String other;

  private final List<String> capabilities;

  private ServerUser(boolean setpriv, @Nullable String other, List<String> capabilities) {
    this.setpriv = setpriv;
    this.other = other;
    this.capabilities = capabilities;
  }

  /// @param folder must be reachable, whatever it takes
  /// @param data what the servers have written before, if anything
  static ServerUser reaching(Path folder, Path data, Machine machine) throws IOException {
    boolean root = new com.sun.security.auth.module.UnixSystem().getUid() == 0;
    if (!machine.isLinux()) {
      if (root) {
        throw new CannotStart("not-as-root");
      }
      return new ServerUser(false, null, List.of());
    }
    if (!succeeds(List.of("setpriv", "--version"))) {
      throw new CannotStart("no-setpriv");
    }
    if (!root) {
      if ("?".equals(System.getProperty("user.name"))) {
        throw new CannotStart("no-passwd-entry");
      }
      return new ServerUser(true, null, List.of());
    }
    String other = ownerOf(data);
    var plain = new ServerUser(true, other, List.of());
    if (plain.reaches(folder)) {
      return plain;
    }
    for (String capability : List.of("dac_read_search", "dac_override")) {
      var capable =
          new ServerUser(
              true, other, List.of("--inh-caps=+" + capability, "--ambient-caps=+" + capability));
      if (capable.reaches(folder)) {
        return capable;
      }
    }
    throw new CannotStart("folder-out-of-reach", folder, other);
  }

  /// Root may look after what a user has begun, and the user finds it as it was.
  private static String ownerOf(Path data) throws IOException {
    if (!Files.exists(data)) {
      return NOBODY;
    }
    String owner = Files.getAttribute(data, "unix:uid").toString();
    return owner.equals("0") ? NOBODY : owner;
  }

  /// Where the programs go: PostgreSQL finds its own only where the user gets without capabilities.
  Path shelf(Path wanted) throws IOException {
    if (isReachedByAll(wanted)) {
      return wanted;
    }
    if (isReachedByAll(COMMON_SHELF)) {
      return COMMON_SHELF;
    }
    throw new CannotStart("folder-out-of-reach", wanted, String.valueOf(other));
  }

  private boolean isReachedByAll(Path folder) throws IOException {
    if (other == null) {
      return true;
    }
    try {
      Files.createDirectories(folder);
    } catch (FileSystemException readOnly) {
      // what is there already may do
    }
    return new ServerUser(true, other, List.of()).reaches(folder);
  }

  /// Gives a server the folder it writes to.
  void handOver(Path folder) throws IOException, InterruptedException {
    if (other != null && !other.equals(Files.getAttribute(folder, "unix:uid").toString())) {
      run(List.of("chown", "-R", other + ":" + other, folder.toString()));
    }
  }

  /// The command line that runs a command as this user.
  ///
  /// @param diesWithUs gets a signal when the thread that starts it ends
  List<String> command(List<String> command, boolean diesWithUs) {
    if (!setpriv) {
      return command;
    }
    List<String> whole = new ArrayList<>(List.of("setpriv"));
    if (other != null) {
      whole.addAll(List.of("--reuid=" + other, "--regid=" + other, "--clear-groups"));
      whole.addAll(capabilities);
    }
    if (diesWithUs) {
      whole.add("--pdeathsig=INT");
    }
    whole.addAll(command);
    return whole;
  }

  /// `stat` and not `test -x`, which asks as if there were no capabilities.
  private boolean reaches(Path folder) {
    return succeeds(command(List.of("stat", folder + "/."), false));
  }

  private static boolean succeeds(List<String> command) {
    try {
      return run(command) == 0;
    } catch (IOException notFound) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private static int run(List<String> command) throws IOException, InterruptedException {
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(Redirect.DISCARD)
        .start()
        .waitFor();
  }
}
