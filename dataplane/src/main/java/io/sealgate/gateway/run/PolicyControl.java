package io.sealgate.gateway.run;

import io.sealgate.classify.find.PhoneRegions;
import io.sealgate.classify.finding.ClassifierException;
import io.sealgate.gateway.bundle.Approvers;
import io.sealgate.gateway.bundle.PolicyBundle;
import io.sealgate.gateway.bundle.PolicyKey;
import io.sealgate.gateway.bundle.RefusedBundle;
import io.sealgate.gateway.call.ActiveRules;
import io.sealgate.gateway.data.DataFolder;
import io.sealgate.gateway.data.GatewayException;
import io.sealgate.policy.ExemptionClaim;
import io.sealgate.policy.Facts;
import io.sealgate.policy.FindingTypeNames;
import io.sealgate.policy.PolicyCompiler;
import io.sealgate.policy.PolicyDocument;
import io.sealgate.policy.PolicyException;
import io.sealgate.policy.PolicySet;
import io.sealgate.policy.PolicyStore;
import io.sealgate.policy.Snapshot;
import io.sealgate.store.StoreException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes policies: validate, compile off the path of calls, seal the event, store the version,
 * swap. A failure at any step leaves what was in force. Any thread; one publish at a time, and
 * whoever only asks does not wait for it.
 */
public final class PolicyControl implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(PolicyControl.class);

  /** How long rules are warmed up before the first call, when all code is cold. */
  private static final long START_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

  /** How long at a publish, where calls have warmed what snapshots share. */
  private static final long PUBLISH_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  private final PolicyStore store;
  private final FindingTypeNames types;
  private final int loops;
  private final PhoneRegions phoneRegions;
  private final DataFolder data;
  private final AtomicLong refusedBundles = new AtomicLong();
  private volatile RefusedBundle refusedBundle;
  private volatile Map<String, ActiveRules> active = Map.of();
  private Swap swap;
  private EventSealer sealer;
  private RecentSource recent = _ -> List.of();

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

  /** The facts of some of the last calls of an organisation; waits for the event loops. */
  @FunctionalInterface
  interface RecentSource {
    List<Facts> of(String org);
  }

  /**
   * @param phoneRegions whose national phone numbers the classifier finds
   * @param data holds the keys that are trusted, and what the classifier compiled
   */
  PolicyControl(
      final PolicyStore store,
      final FindingTypeNames types,
      final int loops,
      final PhoneRegions phoneRegions,
      final DataFolder data) {
    this.store = store;
    this.types = types;
    this.loops = loops;
    this.phoneRegions = phoneRegions;
    this.data = data;
  }

  synchronized void connect(
      final Swap swapper, final EventSealer eventSealer, final RecentSource recentSource) {
    swap = swapper;
    sealer = eventSealer;
    recent = recentSource;
  }

  /** Compiles what is stored. An organisation whose policies do not compile stays without. */
  synchronized Map<String, ActiveRules> load() {
    final Map<String, ActiveRules> loaded = new HashMap<>();
    for (final String org : store.orgs()) {
      final Optional<PolicyStore.Version> version = store.active(org);
      if (version.isPresent()) {
        try {
          final List<PolicyDocument> documents = store.documents(version.get(), types);
          final Approvers approvers = Approvers.read(data.approverKeys());
          for (final PolicyDocument document : documents) {
            approvers.keep(org, document, Instant.now());
          }
          loaded.put(
              org, rules(PolicyCompiler.compile(org, documents, types), List.of(), START_NANOS));
        } catch (final PolicyException | ClassifierException | GatewayException e) {
          LOG.error("the stored policies of {} are not in force: {}", org, e.getMessage());
        }
      }
    }
    active = Map.copyOf(loaded);
    return active;
  }

  private ActiveRules rules(
      final Snapshot snapshot, final List<Facts> calls, final long warmUpNanos)
      throws ClassifierException {
    snapshot.warmUp(calls, System.currentTimeMillis(), warmUpNanos);
    return ActiveRules.of(snapshot, loops, phoneRegions, data.state("classifier"));
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
      return publish("policy-publish", org, documents, author, PolicyStore.Bundle.NONE);
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
      return publish("policy-publish", org, documents, author, PolicyStore.Bundle.NONE);
    } catch (final PolicyException e) {
      throw new GatewayException(e.getMessage(), e);
    }
  }

  /**
   * Puts a signed bundle in force in place of all documents of its organisation. What is refused is
   * sealed as an event and counted, and what was in force stays.
   */
  public synchronized PolicyStore.Version applyBundle(final byte[] bytes) throws GatewayException {
    try {
      final PolicyBundle bundle =
          PolicyBundle.verify(bytes, PolicyKey.trusted(data.policyKeys()), Instant.now());
      final long seen = store.bundle(bundle.org()).version();
      if (bundle.version() <= seen) {
        throw new GatewayException(
            "the bundle is refused: its version "
                + bundle.version()
                + " is not above "
                + seen
                + ", the highest seen; have its owner sign a newer one");
      }
      final List<PolicyDocument> documents =
          PolicyDocument.parseAll(
              bundle.files().stream()
                  .map(file -> new PolicySet.Source(file.name(), file.content()))
                  .toList(),
              types);
      return publish(
          "policy-bundle",
          bundle.org(),
          documents,
          String.join(", ", bundle.signers()),
          new PolicyStore.Bundle(bundle.version(), bundle.expires().toEpochMilli()));
    } catch (final PolicyException e) {
      throw refusedBundle(new GatewayException(e.getMessage(), e));
    } catch (final GatewayException e) {
      throw refusedBundle(e);
    }
  }

  private GatewayException refusedBundle(final GatewayException refusal) {
    LOG.warn("a policy bundle was refused: {}", refusal.getMessage());
    refusedBundles.incrementAndGet();
    refusedBundle = new RefusedBundle(Instant.now(), refusal.getMessage());
    try {
      if (sealer != null) {
        sealer.seal("policy-bundle-refused", "", refusal.getMessage());
      }
    } catch (final GatewayException e) {
      refusal.addSuppressed(e);
    }
    return refusal;
  }

  /** The bundle that was refused last, if one was since the start. */
  public Optional<RefusedBundle> refusedBundle() {
    return Optional.ofNullable(refusedBundle);
  }

  /** How many bundles were refused since the start. */
  public long refusedBundles() {
    return refusedBundles.get();
  }

  /** The newest bundle of each organisation that ever took one. */
  public Map<String, PolicyStore.Bundle> bundles() {
    final Map<String, PolicyStore.Bundle> bundles = new TreeMap<>();
    for (final String org : store.orgs()) {
      final PolicyStore.Bundle bundle = store.bundle(org);
      if (bundle.version() > 0) {
        bundles.put(org, bundle);
      }
    }
    return bundles;
  }

  /**
   * Puts an older version in force again, as a version of its own.
   *
   * @param number the version to go back to
   */
  public synchronized PolicyStore.Version rollback(
      final String org, final long number, final String author) throws GatewayException {
    return publish(
        "policy-rollback", org, documents(version(org, number)), author, PolicyStore.Bundle.NONE);
  }

  /** One version of an organisation's policies. */
  public PolicyStore.Version version(final String org, final long number) throws GatewayException {
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
  public List<PolicyDocument> documents(final PolicyStore.Version version) throws GatewayException {
    try {
      return store.documents(version, types);
    } catch (final PolicyException e) {
      throw new GatewayException(e.getMessage(), e);
    }
  }

  /** The newest versions of an organisation, the oldest first. */
  public List<PolicyStore.Version> history(final String org, final int countMax) {
    final long newest = store.active(org).map(PolicyStore.Version::number).orElse(0L);
    return store.history(org, Math.max(1, newest - countMax + 1), countMax);
  }

  private PolicyStore.Version publish(
      final String event,
      final String org,
      final List<PolicyDocument> documents,
      final String author,
      final PolicyStore.Bundle bundle)
      throws GatewayException {
    try {
      final List<PolicyDocument> approved = approved(org, documents);
      final Snapshot snapshot = PolicyCompiler.compile(org, documents, types);
      final ActiveRules rules = rules(snapshot, recent.of(org), PUBLISH_NANOS);
      final PolicyStore.Version version;
      try {
        for (final PolicyDocument exemption : approved) {
          seal("policy-exemption", org + "/" + exemption.name(), approval(exemption));
        }
        seal(event, org, snapshot.id());
        version =
            store.publish(org, documents, snapshot, author, System.currentTimeMillis(), bundle);
      } catch (final StoreException | GatewayException e) {
        rules.discard();
        throw e;
      }
      enforce(org, rules);
      return version;
    } catch (final PolicyException | ClassifierException | StoreException e) {
      throw new GatewayException(e.getMessage(), e);
    }
  }

  /** The exemptions that are new to the organisation, after all were checked. */
  private List<PolicyDocument> approved(final String org, final List<PolicyDocument> documents)
      throws GatewayException, PolicyException {
    final Approvers approvers = Approvers.read(data.approverKeys());
    final Set<String> admitted = new HashSet<>();
    final Optional<PolicyStore.Version> current = store.active(org);
    if (current.isPresent()) {
      current.get().documents().forEach(document -> admitted.add(document.textId()));
    }
    final Instant now = Instant.now();
    final List<PolicyDocument> approved = new ArrayList<>();
    for (final PolicyDocument document : documents) {
      if (admitted.contains(document.textId())) {
        approvers.keep(org, document, now);
      } else {
        approvers.admit(org, document, now);
        if (document.exemption().isPresent()) {
          approved.add(document);
        }
      }
    }
    return approved;
  }

  /** What the log says of an approval, as one line. */
  private static String approval(final PolicyDocument document) {
    final ExemptionClaim claim = document.exemption().orElseThrow();
    return "from "
        + claim.rule()
        + ", approved by "
        + claim.approver()
        + " until "
        + Instant.ofEpochMilli(claim.expiresEpochMillis())
        + ", sha256:"
        + document.digest();
  }

  private void seal(final String event, final String subject, final String detail)
      throws GatewayException {
    if (sealer == null) {
      throw new GatewayException("the gateway is still starting; publish again in a moment");
    }
    sealer.seal(event, subject, detail);
  }

  private void enforce(final String org, final ActiveRules rules) {
    final Map<String, ActiveRules> next = new HashMap<>(active);
    final ActiveRules replaced = next.put(org, rules);
    active = Map.copyOf(next);
    swap.to(active);
    if (replaced != null) {
      replaced.close();
    }
  }

  /** Frees the rules in force; every event loop must have stopped. */
  @Override
  public synchronized void close() {
    active.values().forEach(ActiveRules::discard);
    active = Map.of();
  }

  /** The organisations with a policy, and the version in force. */
  public List<PolicyStore.Version> list() {
    return store.orgs().stream().flatMap(org -> store.active(org).stream()).toList();
  }

  /** Whether some organisation's rules are in force. */
  public boolean anyActive() {
    return !active.isEmpty();
  }
}
