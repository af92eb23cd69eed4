package io.sealgate.gateway.admin;

import io.sealgate.gateway.bundle.RefusedBundle;
import io.sealgate.gateway.config.BootstrapConfig;
import io.sealgate.gateway.data.GatewayException;
import io.sealgate.gateway.identity.ApiKeys;
import io.sealgate.policy.PolicyDocument;
import io.sealgate.policy.PolicyStore;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What the admin listener may do with a running gateway. Called on any thread; may block. */
public interface AdminDoors {
  /** Adds or replaces one policy document; sealed, then in force when this returns. */
  PolicyStore.Version applyPolicy(String org, String fileName, byte[] text) throws GatewayException;

  /** Takes one policy document out of force. */
  PolicyStore.Version removePolicy(String org, String name) throws GatewayException;

  /** The versions in force. */
  List<PolicyStore.Version> policies();

  /** By organisation, the newest bundle that it took. */
  Map<String, PolicyStore.Bundle> policyBundles();

  /** The bundle that was refused last, if one was since the start. */
  Optional<RefusedBundle> refusedBundle();

  /** Puts a signed bundle in force in place of all policies of its organisation. */
  PolicyStore.Version applyBundle(byte[] bundle) throws GatewayException;

  /** Puts an older version in force again, as a version of its own; sealed before. */
  PolicyStore.Version rollbackPolicy(String org, long number) throws GatewayException;

  /** The newest versions of an organisation, the oldest first. */
  List<PolicyStore.Version> policyHistory(String org);

  /** One version. */
  PolicyStore.Version policyVersion(String org, long number) throws GatewayException;

  /** The documents of a version. */
  List<PolicyDocument> policyDocuments(PolicyStore.Version version) throws GatewayException;

  /** Whether some organisation's rules are in force. */
  boolean policyReady();

  /** Whether records can be sealed. */
  boolean signerReady();

  /** Whether witnesses cosign the log as configured; true where none is asked. */
  boolean witnessed();

  /** Whether calls are denied for want of witnesses. */
  boolean closed();

  /** The keys of callers. */
  ApiKeys apiKeys();

  /** Seals an operator's act before it takes effect. */
  void sealEvent(String event, String subject, String detail) throws GatewayException;

  /** Kept prompts and answers. */
  ContentDoors content();

  /** The names that stand in where a request gives none. */
  BootstrapConfig names();
}
