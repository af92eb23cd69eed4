package io.sealgate.log;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

final class MerkleTest {
  private static final int SIZES = 300;
  private static final int SIZES_LONG = 1_100;
  private static final int LARGE = 60;
  private static final int SIZE_MAX = 40_000;

  /** MTH, PATH and PROOF exactly as RFC 6962 section 2.1 defines them. */
  private static final class NaiveTree {
    private record Range(int from, int to) {}

    private final Map<Range, byte[]> known = new HashMap<>();

    byte[] leaf(int index) {
      return Merkle.leafHash(TestRecords.record(index));
    }

    byte[] hash(int from, int to) {
      byte[] hash = known.get(new Range(from, to));
      return hash != null ? hash : compute(from, to);
    }

    private byte[] compute(int from, int to) {
      byte[] hash;
      if (from == to) {
        hash = Merkle.emptyRoot();
      } else if (to - from == 1) {
        hash = leaf(from);
      } else {
        int k = split(to - from);
        hash = Merkle.nodeHash(hash(from, from + k), hash(from + k, to));
      }
      known.put(new Range(from, to), hash);
      return hash;
    }

    static int split(int n) {
      int k = 1;
      while (k * 2 < n) {
        k *= 2;
      }
      return k;
    }

    List<byte[]> path(int m, int from, int to) {
      List<byte[]> path = new ArrayList<>();
      if (to - from > 1) {
        int k = split(to - from);
        if (m < k) {
          path.addAll(path(m, from, from + k));
          path.add(hash(from + k, to));
        } else {
          path.addAll(path(m - k, from + k, to));
          path.add(hash(from, from + k));
        }
      }
      return path;
    }

    List<byte[]> proof(int m, int from, int to, boolean whole) {
      List<byte[]> proof = new ArrayList<>();
      if (m == to - from) {
        if (!whole) {
          proof.add(hash(from, to));
        }
        return proof;
      }
      int k = split(to - from);
      if (m <= k) {
        proof.addAll(proof(m, from, from + k, whole));
        proof.add(hash(from + k, to));
      } else {
        proof.addAll(proof(m - k, from + k, to, false));
        proof.add(hash(from, from + k));
      }
      return proof;
    }
  }

  private final NaiveTree naive = new NaiveTree();
  private final NodeSource nodes =
      (level, index) -> naive.hash((int) (index << level), (int) (index + 1 << level));

  @Test
  void shouldGiveThePublishedRootsWhenTheLeavesAreThePublishedOnes() {
    assertEquals(
        "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=",
        Base64.getEncoder().encodeToString(Merkle.emptyRoot()));
    String[] leaves = {
      "",
      "00",
      "10",
      "2021",
      "3031",
      "40414243",
      "5051525354555657",
      "606162636465666768696a6b6c6d6e6f"
    };
    String[] roots = {
      "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
      "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
      "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
      "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
      "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
      "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
      "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
      "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"
    };
    Frontier frontier = new Frontier();
    for (int i = 0; i < leaves.length; i++) {
      byte[] leaf = HexFormat.of().parseHex(leaves[i]);
      frontier.append(leaf, 0, leaf.length);
      assertEquals(roots[i], HexFormat.of().formatHex(frontier.root()));
    }
  }

  @Test
  void shouldAgreeWithTheDefinitionForEverySmallTree() throws IOException {
    checkSizes(SIZES);
  }

  @Test
  @Tag("long")
  void shouldAgreeWithTheDefinitionForEveryTreeOfSomeTiles() throws IOException {
    checkSizes(SIZES_LONG);
  }

  @Test
  void shouldAgreeWithTheDefinitionForSomeProofsOfEveryTreeAndOfLargeOnes() throws IOException {
    long seed = 6962;
    Random random = new Random(seed);
    for (int round = 0; round < SIZES_LONG + LARGE; round++) {
      int size = round <= SIZES_LONG ? round : random.nextInt(SIZES_LONG, SIZE_MAX);
      byte[] root = naive.hash(0, size);
      assertArrayEquals(root, Merkle.root(size, nodes), "seed " + seed + ", size " + size);
      checkConsistency(random.nextInt(size + 1), size, root);
      if (size > 0) {
        checkInclusion(random.nextInt(size), size, root);
      }
    }
  }

  private void checkSizes(int sizes) throws IOException {
    Frontier frontier = new Frontier();
    for (int size = 0; size <= sizes; size++) {
      byte[] root = naive.hash(0, size);
      assertArrayEquals(root, frontier.root());
      assertArrayEquals(root, Merkle.root(size, nodes));
      assertEquals(frontier, Frontier.of(size, frontier.hashes()));
      for (int index = 0; index < size; index++) {
        checkInclusion(index, size, root);
      }
      for (int old = 0; old <= size; old++) {
        checkConsistency(old, size, root);
      }
      byte[] record = TestRecords.record(size);
      frontier.append(record, 0, record.length);
    }
  }

  private void checkInclusion(int index, int size, byte[] root) throws IOException {
    List<byte[]> path = Merkle.inclusionProof(index, size, nodes);
    assertSame(naive.path(index, 0, size), path);
    byte[] leaf = naive.leaf(index);
    assertTrue(Merkle.inclusionHolds(leaf, index, size, path, root));
    if (size <= 40 || index == size / 3) {
      for (List<byte[]> wrong : mutations(path)) {
        assertFalse(Merkle.inclusionHolds(leaf, index, size, wrong, root));
      }
      assertFalse(Merkle.inclusionHolds(naive.leaf(size), index, size, path, root));
      assertFalse(Merkle.inclusionHolds(leaf, index, size, path, naive.leaf(size)));
      assertFalse(Merkle.inclusionHolds(leaf, size, size, path, root));
      assertFalse(Merkle.inclusionHolds(leaf, -1, size, path, root));
    }
  }

  private void checkConsistency(int old, int size, byte[] root) throws IOException {
    byte[] oldRoot = naive.hash(0, old);
    List<byte[]> path = Merkle.consistencyProof(old, size, nodes);
    assertSame(old == 0 ? List.of() : naive.proof(old, 0, size, true), path);
    assertTrue(Merkle.consistencyHolds(old, oldRoot, size, root, path));
    if (size <= 40 || old == size / 3) {
      for (List<byte[]> wrong : mutations(path)) {
        assertFalse(Merkle.consistencyHolds(old, oldRoot, size, root, wrong));
      }
      byte[] other = naive.leaf(size + 1);
      assertFalse(Merkle.consistencyHolds(old, other, size, root, path));
      if (old > 0) {
        assertFalse(Merkle.consistencyHolds(old, oldRoot, size, other, path));
      }
      assertFalse(Merkle.consistencyHolds(size + 1, root, size, root, path));
    }
  }

  private static List<List<byte[]>> mutations(List<byte[]> path) {
    List<List<byte[]>> all = new ArrayList<>();
    for (int i = 0; i < path.size(); i++) {
      List<byte[]> flipped = new ArrayList<>(path);
      byte[] hash = path.get(i).clone();
      hash[i % hash.length] ^= 0x10;
      flipped.set(i, hash);
      all.add(flipped);
      List<byte[]> shorter = new ArrayList<>(path);
      shorter.remove(i);
      all.add(shorter);
      List<byte[]> cut = new ArrayList<>(path);
      cut.set(i, new byte[31]);
      all.add(cut);
    }
    List<byte[]> longer = new ArrayList<>(path);
    longer.add(Merkle.emptyRoot());
    all.add(longer);
    List<byte[]> before = new ArrayList<>(path);
    before.addFirst(Merkle.emptyRoot());
    all.add(before);
    return all;
  }

  private static void assertSame(List<byte[]> expected, List<byte[]> actual) {
    assertEquals(expected.size(), actual.size());
    for (int i = 0; i < expected.size(); i++) {
      assertArrayEquals(expected.get(i), actual.get(i));
    }
  }

  @Test
  void shouldRefuseProofsThatCannotExist() {
    assertThrows(IllegalArgumentException.class, () -> Merkle.inclusionProof(3, 3, nodes));
    assertThrows(IllegalArgumentException.class, () -> Merkle.inclusionProof(-1, 3, nodes));
    assertThrows(IllegalArgumentException.class, () -> Merkle.consistencyProof(4, 3, nodes));
    assertThrows(IllegalArgumentException.class, () -> Frontier.of(3, new byte[32]));
    assertThrows(IllegalArgumentException.class, () -> Frontier.of(-1, new byte[0]));
  }
}
