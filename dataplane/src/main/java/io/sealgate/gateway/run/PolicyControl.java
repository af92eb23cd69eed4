package io.sealgate.gateway.run;

import io.sealgate.classify.ClassifierException;
import io.sealgate.gateway.call.ActiveRules;
import io.sealgate.gateway.data.GatewayException;
import io.sealgate.policy.FindingTypeNames;
import io.sealgate.policy.PolicyCompiler;
import io.sealgate.policy.PolicyDocument;
import io.sealgate.policy.PolicyException;
import io.sealgate.policy.PolicyStore;
import io.sealgate.policy.Snapshot;
import io.sealgate.store.StoreException;
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
  private final PolicyStore store;
  private final FindingTypeNames types;
  private final int loops;
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

  PolicyControl(final PolicyStore store, final FindingTypeNames types, final int loops) {
    this.store = store;
    this.types = types;
    this.loops = loops;
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
          active.put(org, ActiveRules.of(snapshot, loops));
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
      return publish(org, documents, author);
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
      return publish(org, documents, author);
    } catch (final PolicyException e) {
      throw new GatewayException(e.getMessage(), e);
    }
  }

  private PolicyStore.Version publish(
      final String org, final List<PolicyDocument> documents, final String author)
      throws GatewayException {
    try {
      final Snapshot snapshot = PolicyCompiler.compile(org, documents, types);
      return enforce(org, documents, author, snapshot, ActiveRules.of(snapshot, loops));
    } catch (final PolicyException | ClassifierException e) {
      throw new GatewayException(e.getMessage(), e);
    }
  }

  private PolicyStore.Version enforce(
      final String org,
      final List<PolicyDocument> documents,
      final String author,
      final Snapshot snapshot,
      final ActiveRules rules)
      throws GatewayException {
    final PolicyStore.Version version;
    try {
      if (sealer == null) {
        throw new GatewayException("the gateway is still starting; publish again in a moment");
      }
      sealer.seal("policy-publish", org, snapshot.id());
      version = store.publish(org, documents, snapshot, author, System.currentTimeMillis());
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
