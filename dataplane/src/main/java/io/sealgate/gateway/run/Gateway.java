package io.sealgate.gateway.run;

import io.netty.channel.EventLoop;
import io.netty.resolver.AddressResolverGroup;
import io.netty.resolver.dns.DnsAddressResolverGroup;
import io.netty.resolver.dns.DnsServerAddressStreamProviders;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.sealgate.classify.find.PhoneRegions;
import io.sealgate.gateway.admin.AdminDoors;
import io.sealgate.gateway.admin.AdminServer;
import io.sealgate.gateway.admin.ContentDoors;
import io.sealgate.gateway.bundle.RefusedBundle;
import io.sealgate.gateway.call.ActiveRules;
import io.sealgate.gateway.call.CallContext;
import io.sealgate.gateway.call.CallMetrics;
import io.sealgate.gateway.call.Commitments;
import io.sealgate.gateway.call.Phases;
import io.sealgate.gateway.call.Worker;
import io.sealgate.gateway.config.BootstrapConfig;
import io.sealgate.gateway.config.Cores;
import io.sealgate.gateway.config.ForwardConfig;
import io.sealgate.gateway.config.GatewayConfig;
import io.sealgate.gateway.content.ContentStore;
import io.sealgate.gateway.data.DataFolder;
import io.sealgate.gateway.data.GatewayException;
import io.sealgate.gateway.forward.ForwardMetrics;
import io.sealgate.gateway.forward.SyslogForwarder;
import io.sealgate.gateway.identity.ApiKeys;
import io.sealgate.gateway.loopback.LoopbackModel;
import io.sealgate.gateway.net.PinnedLoop;
import io.sealgate.gateway.net.ServerTls;
import io.sealgate.gateway.net.Transport;
import io.sealgate.gateway.seal.SealLanes;
import io.sealgate.gateway.witness.WitnessDoor;
import io.sealgate.gateway.witness.Witnessing;
import io.sealgate.log.search.SearchFollower;
import io.sealgate.log.search.SearchIndex;
import io.sealgate.policy.Facts;
import io.sealgate.policy.LimitState;
import io.sealgate.policy.PolicyDocument;
import io.sealgate.policy.PolicyStore;
import io.sealgate.signer.SignerProcess;
import io.sealgate.store.StateStore;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running gateway. {@link #start} brings the parts up in the order in which they need each other
 * and returns when calls are accepted; {@link #close} takes them down in the reverse order: no new
 * calls, calls in progress finish, then the signer stops.
 */
public final class Gateway implements AdminDoors, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Gateway.class);
  private static final int LIMIT_BUCKETS_MAX = 1 << 20;

  /** How many versions a history shows. */
  private static final int POLICY_HISTORY_MAX = 1_000;

  private static final long SIGNER_START_SECONDS = 60;

  private final GatewayConfig config;
  private final DataFolder data;
  private final Deque<AutoCloseable> parts = new ArrayDeque<>();
  private final List<PinnedLoop> loops = new ArrayList<>();
  private final List<Worker> workers = new ArrayList<>();
  private SealLanes seals;
  private SignerSupervisor supervisor;
  private PolicyControl policies;
  private ApiKeys apiKeys;
  private FirstStart firstStart;
  private LoopbackModel loopback;
  private AdminServer admin;
  private Listeners listeners;
  private URI http;
  private URI https;
  private EventSeal events;
  private volatile Witnessing witnessing;
  private ContentStore content;
  private ContentDoors contentControl;
  private volatile CallMetrics metrics;
  private final String boot =
      HexFormat.of().toHexDigits(UUID.randomUUID().getMostSignificantBits());

  private Gateway(final GatewayConfig config) {
    this.config = config;
    this.data = new DataFolder(config.data());
  }

  /**
   * Starts everything; calls are accepted when this returns.
   *
   * @param phases {@link Phases#SEALED} in the product
   * @throws GatewayException when a part cannot start; those that did are stopped again
   */
  public static Gateway start(final GatewayConfig config, final Phases phases)
      throws GatewayException {
    final Gateway gateway = new Gateway(config);
    try {
      gateway.open(phases);
      return gateway;
    } catch (final GatewayException e) {
      gateway.close();
      throw e;
    } catch (final IOException e) {
      gateway.close();
      throw new GatewayException(e.getMessage(), e);
    }
  }

  private void open(final Phases phases) throws GatewayException, IOException {
    data.create();
    final Transport transport = Transport.valueOf(config.transport().name());
    transport.requireAvailable();
    apiKeys = new ApiKeys(own(StateStore.open(data.state("identity"))));
    final StateStore policyState = own(StateStore.open(data.state("policy")));
    final StateStore counters = own(StateStore.open(data.state("counters")));
    startLoops(transport);
    seals = own(new SealLanes(config.aeronDirectory(), eventLoops(), this::batchSealed));
    startSigner();
    policies =
        new PolicyControl(
            new PolicyStore(policyState),
            new ClassifierTypes(),
            loops.size(),
            new PhoneRegions(config.classifier().phoneRegions()),
            data);
    final LimitState limits = new LimitState(LIMIT_BUCKETS_MAX);
    own(SpendStore.open(counters, limits));
    startLoopback();
    final PrometheusRegistry registry = new PrometheusRegistry();
    metrics = new CallMetrics(registry);
    PolicyMetrics.register(registry, policies);
    own(policies);
    final byte[] secret =
        HexFormat.of()
            .parseHex(
                DataFolder.secret(data.secrets().resolve("commitment-key"), Commitments.KEY_BYTES));
    content = own(ContentControl.store(config, data, secret, registry));
    startWorkers(phases, transport, limits, new Commitments(secret));
    awaitSigner();
    content.prepare();
    events = new EventSeal(seals.lane(0), loops.getFirst().loop(), boot);
    contentControl = new ContentControl(content, data.log(), events::seal);
    policies.connect(this::swapRules, events::seal, this::recentCalls);
    firstStart = FirstStart.ensure(config, data, apiKeys, policies, events);
    startForwarders(transport, registry);
    own(SearchFollower.start(data.log(), data.state(SearchIndex.FOLDER)));
    startWitnessing(registry);
    listen(transport);
    admin =
        own(
            AdminServer.start(
                config.listen().admin(), data, config.adminTokenFile(), registry, this));
    own(() -> Files.deleteIfExists(data.gatewayFile()));
    new ReadyState(this).write(data.gatewayFile());
  }

  private void startLoops(final Transport transport) throws IOException {
    for (final int core : config.cores().resolve(Cores.allowedToProcess())) {
      final PinnedLoop loop = PinnedLoop.start(transport, core);
      loops.add(loop);
      own(loop::stop);
    }
  }

  private List<EventLoop> eventLoops() {
    return loops.stream().map(PinnedLoop::loop).toList();
  }

  private void startSigner() {
    if (!config.signer().supervise()) {
      return;
    }
    supervisor =
        new SignerSupervisor(
            ReadyState.signerArguments(config, data),
            SignerProcess.environment(SignerSettings.of(config, true)),
            seals::signerDied);
    own(supervisor);
    supervisor.start();
  }

  private void awaitSigner() throws GatewayException {
    final long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(SIGNER_START_SECONDS);
    while (!seals.available()) {
      if (supervisor != null && supervisor.refused()) {
        throw new GatewayException("the signer does not start; its message is above");
      }
      if (System.nanoTime() - deadline > 0) {
        throw new GatewayException(
            "the signer is not there after "
                + SIGNER_START_SECONDS
                + " s; look at its log, or start it with 'sealgate signer'");
      }
      LockSupport.parkNanos(10_000_000L);
    }
  }

  private void startForwarders(final Transport transport, final PrometheusRegistry registry)
      throws IOException {
    if (config.forward().isEmpty()) {
      return;
    }
    final StateStore places = own(StateStore.open(data.state("forward")));
    final List<SyslogForwarder> forwarders = new ArrayList<>();
    for (final ForwardConfig target : config.forward()) {
      forwarders.add(own(SyslogForwarder.start(target, transport, data.log(), places)));
    }
    ForwardMetrics.register(registry, forwarders);
  }

  private void startWitnessing(final PrometheusRegistry registry)
      throws GatewayException, IOException {
    if (config.witnessService().enabled()) {
      own(WitnessDoor.start(config, own(StateStore.open(data.state("witness")))));
    }
    witnessing = own(Witnessing.start(config, registry));
  }

  private void startLoopback() throws IOException {
    if (config.loopback().enabled()) {
      loopback =
          own(LoopbackModel.start("127.0.0.1", 0, LoopbackModel.Options.of(config.loopback())));
    }
  }

  private void startWorkers(
      final Phases phases,
      final Transport transport,
      final LimitState limits,
      final Commitments commitments)
      throws GatewayException, IOException {
    final AddressResolverGroup<InetSocketAddress> resolver =
        own(
            new DnsAddressResolverGroup(
                transport.datagramChannel(), DnsServerAddressStreamProviders.platformDefault()));
    final CallContext context =
        new CallContext(
            phases,
            loops.size(),
            config.signer().logName(),
            boot,
            transport,
            resolver,
            config.limits(),
            apiKeys,
            UpstreamSettings.of(config, loopback),
            limits,
            commitments,
            content,
            metrics,
            nowMillis -> witnessing.denial(nowMillis),
            Clock.systemUTC(),
            LoggerFactory.getLogger(Worker.class));
    final Map<String, ActiveRules> rules = policies.load();
    wantContent(rules);
    for (int i = 0; i < loops.size(); i++) {
      workers.add(new Worker(i, loops.get(i).loop(), context, seals.lane(i), rules));
    }
    own(this::stopCalls);
  }

  private void listen(final Transport transport) throws GatewayException, IOException {
    listeners = new Listeners(transport, config.limits(), loops, workers);
    http = listeners.open(config.listen().http(), null);
    if (config.listen().https().enabled()) {
      https = listeners.open(config.listen().https(), ServerTls.create(config.tls(), data.root()));
    }
  }

  private void batchSealed(
      final int records, final long signNanos, final long flushNanos, final int queueDepth) {
    final CallMetrics target = metrics;
    if (target != null) {
      target.batch(records, signNanos, flushNanos, queueDepth);
    }
  }

  /** Returns when every loop has taken the rules: a call that starts later is decided by them. */
  private void swapRules(final Map<String, ActiveRules> rules) {
    wantContent(rules);
    content.prepare();
    onEachLoop(worker -> worker.rules(rules));
  }

  private void wantContent(final Map<String, ActiveRules> rules) {
    content.want(rules.values().stream().anyMatch(r -> r.snapshot().capturesContent()));
  }

  private List<Facts> recentCalls(final String org) {
    final List<Facts> calls = new ArrayList<>();
    onEachLoop(worker -> calls.addAll(worker.recentCalls(org)));
    return calls;
  }

  private <T extends AutoCloseable> T own(final T part) {
    parts.push(part);
    return part;
  }

  /** Stops accepting, lets calls in progress finish, then closes what is left. */
  private void stopCalls() {
    if (listeners != null) {
      listeners.stop();
    }
    onEachLoop(Worker::drain);
    final long deadline =
        System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(config.limits().shutdownGraceMs());
    while (callsInFlight() > 0 && System.nanoTime() - deadline < 0) {
      LockSupport.parkNanos(5_000_000L);
    }
    onEachLoop(Worker::close);
  }

  private void onEachLoop(final Consumer<Worker> action) {
    for (int i = 0; i < workers.size(); i++) {
      final Worker worker = workers.get(i);
      loops.get(i).loop().submit(() -> action.accept(worker)).awaitUninterruptibly();
    }
  }

  private int callsInFlight() {
    int calls = 0;
    for (int i = 0; i < workers.size(); i++) {
      final Worker worker = workers.get(i);
      calls += loops.get(i).loop().submit(worker::callsInFlight).awaitUninterruptibly().getNow();
    }
    return calls;
  }

  @Override
  public synchronized void close() {
    while (!parts.isEmpty()) {
      final AutoCloseable part = parts.pop();
      try {
        part.close();
      } catch (final Exception e) {
        LOG.error("a part did not stop cleanly: {}", e.getMessage());
      }
    }
  }

  /** The configuration in force. */
  public GatewayConfig config() {
    return config;
  }

  /** The data folder. */
  public DataFolder data() {
    return data;
  }

  /** Where calls go in clear text, or null when that listener is off. */
  public URI http() {
    return http;
  }

  /** Where calls go over TLS, or null when that listener is off. */
  public URI https() {
    return https;
  }

  /** Where operators go. */
  public URI admin() {
    return admin == null ? null : admin.uri();
  }

  /** The API key that the first start made, or null when its file is gone. */
  public String apiKey() {
    return firstStart.apiKey();
  }

  @Override
  public ApiKeys apiKeys() {
    return apiKeys;
  }

  @Override
  public PolicyStore.Version applyPolicy(final String org, final String fileName, final byte[] text)
      throws GatewayException {
    return policies.apply(org, fileName, text, "admin");
  }

  @Override
  public PolicyStore.Version removePolicy(final String org, final String name)
      throws GatewayException {
    return policies.remove(org, name, "admin");
  }

  @Override
  public List<PolicyStore.Version> policies() {
    return policies.list();
  }

  @Override
  public Map<String, PolicyStore.Bundle> policyBundles() {
    return policies.bundles();
  }

  @Override
  public Optional<RefusedBundle> refusedBundle() {
    return policies.refusedBundle();
  }

  @Override
  public PolicyStore.Version applyBundle(final byte[] bundle) throws GatewayException {
    return policies.applyBundle(bundle);
  }

  @Override
  public PolicyStore.Version rollbackPolicy(final String org, final long number)
      throws GatewayException {
    return policies.rollback(org, number, "admin");
  }

  @Override
  public List<PolicyStore.Version> policyHistory(final String org) {
    return policies.history(org, POLICY_HISTORY_MAX);
  }

  @Override
  public PolicyStore.Version policyVersion(final String org, final long number)
      throws GatewayException {
    return policies.version(org, number);
  }

  @Override
  public List<PolicyDocument> policyDocuments(final PolicyStore.Version version)
      throws GatewayException {
    return policies.documents(version);
  }

  @Override
  public boolean policyReady() {
    return policies.anyActive();
  }

  @Override
  public boolean signerReady() {
    return seals.available();
  }

  @Override
  public boolean witnessed() {
    return witnessing.content();
  }

  @Override
  public boolean closed() {
    return witnessing.denial(System.currentTimeMillis()) != null;
  }

  @Override
  public void sealEvent(final String event, final String subject, final String detail)
      throws GatewayException {
    events.seal(event, subject, detail);
  }

  @Override
  public ContentDoors content() {
    return contentControl;
  }

  @Override
  public BootstrapConfig names() {
    return config.bootstrap();
  }

  /** The way to the signer. */
  public SealLanes seals() {
    return seals;
  }

  /** The signer's process id; 0 when this gateway does not supervise it or it is down. */
  public long signerPid() {
    final Process process = supervisor == null ? null : supervisor.process();
    return process == null ? 0 : process.pid();
  }

  /** The built-in model, or null when it is switched off. */
  public LoopbackModel loopback() {
    return loopback;
  }
}
