package io.linyu.platform.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Base64;
import org.junit.jupiter.api.Test;

class VaultTest {
  private static final String OLD = key(1);
  private static final String NEW = key(2);

  private final Vault vault = new Vault(OLD);

  @Test
  void whatIsSealedOpensAgainAndLooksDifferentEachTime() {
    byte[] sealed = vault.seal("12000000069");
    assertThat(vault.open(sealed)).isEqualTo("12000000069");
    assertThat(vault.seal("12000000069")).isNotEqualTo(sealed);
    assertThat(sealed).startsWith(1).hasSize(1 + 12 + 11 + 16);
  }

  @Test
  void nothingAlteredOrForeignOpens() {
    byte[] sealed = vault.seal("王竹");
    for (int at = 0; at < sealed.length; at++) {
      byte[] altered = sealed.clone();
      altered[at] ^= 1;
      assertThatThrownBy(() -> vault.open(altered)).isInstanceOf(IllegalArgumentException.class);
    }
    assertThatThrownBy(() -> new Vault(NEW).open(sealed))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> vault.open(new byte[3])).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void hashesFindTheSameTextAndDependOnTheKey() {
    assertThat(vault.hash("12000000069")).isEqualTo(vault.hash("12000000069"));
    assertThat(vault.hash("12000000069")).isNotEqualTo(vault.hash("12000000070"));
    assertThat(vault.hash("12000000069")).isNotEqualTo(new Vault(NEW).hash("12000000069"));
  }

  @Test
  void keysChangeOverWithoutLosingAnything() {
    var both = new Vault("2:" + NEW + ", 1:" + OLD);
    assertThat(both.open(vault.seal("王竹"))).isEqualTo("王竹");
    assertThat(both.seal("王竹")).startsWith(2);
    assertThat(both.hashes("王竹")).hasSize(2).contains(vault.hash("王竹"), both.hash("王竹"));
    assertThatThrownBy(() -> vault.open(both.seal("王竹")))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void keysWithoutAVersionAreNumberedFromTheOldest() {
    var both = new Vault(NEW + "," + OLD + "," + OLD);
    assertThat(both.open(vault.seal("王竹"))).isEqualTo("王竹");
    assertThat(both.seal("王竹")).startsWith(2);
    assertThat(new Vault("7:" + NEW).open(new Vault("9:" + NEW).seal("王竹")))
        .as("the version is a hint, the key is what opens")
        .isEqualTo("王竹");
  }

  @Test
  void aKeyThatIsNoneIsRefused() {
    assertThatThrownBy(() -> new Vault("c2hvcnQ=")).hasMessageContaining("32 bytes");
    assertThatThrownBy(() -> new Vault("1:" + NEW + ",1:" + OLD)).hasMessageContaining("version 1");
    assertThatThrownBy(() -> new Vault("256:" + OLD)).hasMessageContaining("255");
  }

  private static String key(int fill) {
    byte[] secret = new byte[32];
    java.util.Arrays.fill(secret, (byte) fill);
    return Base64.getEncoder().encodeToString(secret);
  }
}
