package io.sealgate.gateway.run;

import io.sealgate.classify.finding.ClassifierException;
import io.sealgate.gateway.bundle.BundleKeys;
import io.sealgate.gateway.bundle.PolicyBundle;
import io.sealgate.gateway.call.ActiveRules;
import io.sealgate.gateway.data.GatewayException;
import io.sealgate.policy.FindingTypeNames;
import io.sealgate.policy.PolicyCompiler;
import io.sealgate.policy.PolicyDocument;
import io.sealgate.policy.PolicyException;
import io.sealgate.policy.PolicyStore;
import io.sealgate.policy.Snapshot;
import io.sealgate.store.StoreException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes policies: validate, compile off the path of calls, seal the event, store the version,
 * swap. A failure at any step leaves what was in force. One publish at a time; any thread.
 */
public final class PolicyControl implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(PolicyControl.class);

  /** The bundle version of what comes from no bundle. */
  private static final long NO_BUNDLE = 0;

  private final PolicyStore store;
  private final FindingTypeNames types;
  private final int loops;
  private final Path cacheFolder;
  private final Map<String, ActiveRules> active = new HashMap<>();
  private Swap swap;
  private EventSealer sealer;

  /** Puts rules in force; when it returns, every event loop has retired those they replace. */
  @FunctionalInterface
  interface Swap {
    void to(Map<String, ActiveRules> rules);
  }

  /** Seals an event and waits for its receipt. */
  @FunctionalInterface
  interface EventSealer {
    void seal(String event, String subject, String detail) throws GatewayException;
  }

  /**
   * @param cacheFolder where the classifier keeps compiled patterns
   */
  PolicyControl(
      final PolicyStore store,
      final FindingTypeNames types,
      final int loops,
      final Path cacheFolder) {
    this.store = store;
    this.types = types;
    this.loops = loops;
    this.cacheFolder = cacheFolder;
  }

  synchronized void connect(final Swap swapper, final EventSealer eventSealer) {
    swap = swapper;
    sealer = eventSealer;
  }

  /** Compiles what is stored. An organisation whose policies do not compile stays without. */
  synchronized Map<String, ActiveRules> load() {
    for (final String org : store.orgs()) {
      final Optional<PolicyStore.Version> version = store.active(org);
      if (version.isPresent()) {
        try {
          final Snapshot snapshot =
              PolicyCompiler.compile(org, store.documents(version.get(), types), types);
          snapshot.warmUp(List.of(), System.currentTimeMillis());
          active.put(org, ActiveRules.of(snapshot, loops, cacheFolder));
        } catch (final PolicyException | ClassifierException e) {
          LOG.error("the stored policies of {} are not in force: {}", org, e.getMessage());
        }
      }
    }
    return Map.copyOf(active);
  }

  /**
   * Adds a document to its organisation's set, or replaces the one of the same name.
   *
   * @param defaultOrg the organisation of a document that names none
   * @param author who publishes, for the record
   */
  public synchronized PolicyStore.Version apply(
      final String defaultOrg, final String fileName, final byte[] text, final String author)
      throws GatewayException {
    try {
      final PolicyDocument document = PolicyDocument.parse(fileName, text, types);
      final String org = document.org().orElse(defaultOrg);
      final List<PolicyDocument> documents = new ArrayList<>();
      final Optional<PolicyStore.Version> current = store.active(org);
      if (current.isPresent()) {
        documents.addAll(store.documents(current.get(), types));
      }
      documents.removeIf(existing -> existing.name().equals(document.name()));
      documents.add(document);
      return publish("policy-publish", org, documents, author, NO_BUNDLE);
    } catch (final PolicyException e) {
      throw new GatewayException(e.getMessage(), e);
    }
  }

  /** Takes a document out of its organisation's set. */
  public synchronized PolicyStore.Version remove(
      final String org, final String name, final String author) throws GatewayException {
    try {
      final PolicyStore.Version current =
          store
              .active(org)
              .orElseThrow(() -> new GatewayException("organisation " + org + " has no policy"));
      final List<PolicyDocument> documents = new ArrayList<>(store.documents(current, types));
      if (!documents.removeIf(existing -> existing.name().equals(name))) {
        throw new GatewayException("organisation " + org + " has no policy named " + name);
      }
      return publish("policy-publish", org, documents, author, NO_BUNDLE);
    } catch (final PolicyException e) {
      throw new GatewayException(e.getMessage(), e);
    }
  }

  /**
   * Puts a signed bundle in force in place of all documents of its organisation. What is refused is
   * sealed as an event, and what was in force stays.
   *
   * @param keys file of the verifier keys that are trusted
   */
  public synchronized PolicyStore.Version applyBundle(final byte[] bytes, final Path keys)
      throws GatewayException {
    try {
      final PolicyBundle bundle =
          PolicyBundle.verify(bytes, BundleKeys.trusted(keys), Instant.now());
      final long seen = store.highestBundle(bundle.org());
      if (bundle.version() <= seen) {
        throw new GatewayException(
            "the bundle is refused: its version "
                + bundle.version()
                + " is not above "
                + seen
                + ", the highest seen; have its owner sign a newer one");
      }
      final List<PolicyDocument> documents = new ArrayList<>();
      for (final PolicyBundle.BundleFile file : bundle.files()) {
        documents.add(PolicyDocument.parse(file.name(), file.content(), types));
      }
      return publish(
          "policy-bundle",
          bundle.org(),
          documents,
          String.join(", ", bundle.signers()),
          bundle.version());
    } catch (final PolicyException e) {
      throw refusedBundle(new GatewayException(e.getMessage(), e));
    } catch (final GatewayException e) {
      throw refusedBundle(e);
    }
  }

  private GatewayException refusedBundle(final GatewayException refusal) {
    LOG.warn("a policy bundle was refused: {}", refusal.getMessage());
    try {
      if (sealer != null) {
        sealer.seal("policy-bundle-refused", "", refusal.getMessage());
      }
    } catch (final GatewayException e) {
      refusal.addSuppressed(e);
    }
    return refusal;
  }

  /**
   * Puts an older version in force again, as a version of its own.
   *
   * @param number the version to go back to
   */
  public synchronized PolicyStore.Version rollback(
      final String org, final long number, final String author) throws GatewayException {
    return publish("policy-rollback", org, documents(version(org, number)), author, NO_BUNDLE);
  }

  /** One version of an organisation's policies. */
  public synchronized PolicyStore.Version version(final String org, final long number)
      throws GatewayException {
    return store
        .version(org, number)
        .orElseThrow(
            () ->
                new GatewayException(
                    "organisation "
                        + org
                        + " has no policy version "
                        + number
                        + "; see: sealgate policy list --history"));
  }

  /** The documents of a version. */
  public synchronized List<PolicyDocument> documents(final PolicyStore.Version version)
      throws GatewayException {
    try {
      return store.documents(version, types);
    } catch (final PolicyException e) {
      throw new GatewayException(e.getMessage(), e);
    }
  }

  /** The newest versions of an organisation, the oldest first. */
  public synchronized List<PolicyStore.Version> history(final String org, final int countMax) {
    final long newest = store.active(org).map(PolicyStore.Version::number).orElse(0L);
    return store.history(org, Math.max(1, newest - countMax + 1), countMax);
  }

  private PolicyStore.Version publish(
      final String event,
      final String org,
      final List<PolicyDocument> documents,
      final String author,
      final long bundleVersion)
      throws GatewayException {
    try {
      final Snapshot snapshot = PolicyCompiler.compile(org, documents, types);
      snapshot.warmUp(List.of(), System.currentTimeMillis());
      return enforce(
          event,
          org,
          documents,
          author,
          bundleVersion,
          snapshot,
          ActiveRules.of(snapshot, loops, cacheFolder));
    } catch (final PolicyException | ClassifierException e) {
      throw new GatewayException(e.getMessage(), e);
    }
  }

  private PolicyStore.Version enforce(
      final String event,
      final String org,
      final List<PolicyDocument> documents,
      final String author,
      final long bundleVersion,
      final Snapshot snapshot,
      final ActiveRules rules)
      throws GatewayException {
    final PolicyStore.Version version;
    try {
      if (sealer == null) {
        throw new GatewayException("the gateway is still starting; publish again in a moment");
      }
      sealer.seal(event, org, snapshot.id());
      version =
          store.publish(
              org, documents, snapshot, author, System.currentTimeMillis(), bundleVersion);
    } catch (final StoreException e) {
      rules.discard();
      throw new GatewayException(e.getMessage(), e);
    } catch (final GatewayException e) {
      rules.discard();
      throw e;
    }
    final ActiveRules replaced = active.put(org, rules);
    swap.to(Map.copyOf(active));
    if (replaced != null) {
      replaced.close();
    }
    return version;
  }

  /** Frees the rules in force; every event loop must have stopped. */
  @Override
  public synchronized void close() {
    active.values().forEach(ActiveRules::discard);
    active.clear();
  }

  /** The organisations with a policy, and the version in force. */
  public synchronized List<PolicyStore.Version> list() {
    return store.orgs().stream().flatMap(org -> store.active(org).stream()).toList();
  }

  /** Whether some organisation's rules are in force. */
  public synchronized boolean anyActive() {
    return !active.isEmpty();
  }
}
