package io.sealgate.gateway.config;

import io.netty.util.NetUtil;
import io.sealgate.classify.find.PhoneRegions;
import io.sealgate.classify.finding.ClassifierException;
import io.sealgate.log.NoteException;
import io.sealgate.log.Vkey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** What single keys cannot say for themselves: forms of names, and rules that span keys. */
final class ConfigRules {
  /** Name of the built-in model's upstream. */
  private static final String LOOPBACK = "loopback";

  private static final Pattern UPSTREAM_NAME = Pattern.compile("[A-Za-z0-9_-]+");
  private static final Pattern IDENTITY_NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]*");
  // A signed note's key name has no plus and no space; this is the safe part of what is left.
  private static final Pattern LOG_NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._/-]*");

  /** Six months, Regulation (EU) 2024/1689, Art. 19(1) and 26(6). */
  private static final int RETENTION_DAYS_MINIMUM = 184;

  private final GatewayConfig config;
  private final ConfigDocument document;

  private ConfigRules(final GatewayConfig config, final ConfigDocument document) {
    this.config = config;
    this.document = document;
  }

  static void check(final GatewayConfig config, final ConfigDocument document) {
    final ConfigRules rules = new ConfigRules(config, document);
    rules.listeners();
    rules.tls();
    rules.classifier();
    rules.upstreams();
    rules.signer();
    rules.forward();
    rules.witnesses();
    rules.witnessService();
    rules.bootstrap();
  }

  private void listeners() {
    final ListenConfig listen = config.listen();
    final Map<String, Integer> ports = new LinkedHashMap<>();
    if (listen.http().enabled()) {
      ports.put("listen.http", listen.http().port());
    }
    if (listen.https().enabled()) {
      ports.put("listen.https", listen.https().port());
    }
    if (ports.isEmpty()) {
      throw document.at("listen", "http and https are both switched off; enable one");
    }
    ports.put("listen.admin", listen.admin().port());
    if (config.witnessService().enabled()) {
      ports.put("witness-service", config.witnessService().port());
    }
    final Map<Integer, String> taken = new HashMap<>();
    ports.forEach(
        (listener, port) -> {
          final String other = port == 0 ? null : taken.put(port, listener);
          if (other != null) {
            throw document.at(
                listener + ".port", "port " + port + " is also " + other + "'s; choose another");
          }
        });
    address("listen.http.address", listen.http().address());
    address("listen.https.address", listen.https().address());
    address("listen.admin.address", listen.admin().address());
  }

  private void address(final String key, final String address) {
    if (!NetUtil.isValidIpV4Address(address) && !NetUtil.isValidIpV6Address(address)) {
      throw document.at(key, "must be an IP address, such as 127.0.0.1, 0.0.0.0 or \"::1\"");
    }
  }

  private void classifier() {
    try {
      PhoneRegions.of(config.classifier().phoneRegions());
    } catch (final ClassifierException e) {
      throw document.at("classifier.phone-regions", e.getMessage());
    }
  }

  private void tls() {
    final TlsConfig tls = config.tls();
    final TlsConfig.Pkcs11 token = tls.pkcs11();
    final Map<String, Optional<?>> keys = new LinkedHashMap<>();
    keys.put("tls.certificate", tls.certificate());
    keys.put("tls.private-key", tls.privateKey());
    keys.put("tls.keystore", tls.keystore());
    keys.put("tls.password-file", tls.passwordFile());
    keys.put("tls.pkcs11.module", token.module());
    keys.put("tls.pkcs11.token", token.token());
    keys.put("tls.pkcs11.pin-file", token.pinFile());
    keys.put("tls.pkcs11.alias", token.alias());
    final List<String> needed =
        switch (tls.mode()) {
          case DEVELOPMENT -> List.of();
          case PEM -> List.of("tls.certificate", "tls.private-key");
          case PKCS12 -> List.of("tls.keystore", "tls.password-file");
          case PKCS11 ->
              List.of(
                  "tls.pkcs11.module",
                  "tls.pkcs11.token",
                  "tls.pkcs11.pin-file",
                  "tls.pkcs11.alias");
        };
    final List<String> accepted = new ArrayList<>(needed);
    if (tls.mode() == TlsConfig.Mode.PKCS11) {
      accepted.add("tls.certificate");
    }
    final String mode = SectionReader.enumName(tls.mode());
    keys.forEach(
        (key, value) -> {
          if (value.isEmpty() && needed.contains(key)) {
            throw document.at(key, "is missing; tls.mode " + mode + " needs it");
          }
          if (value.isPresent() && !accepted.contains(key)) {
            throw document.at(key, "has no meaning with tls.mode " + mode + "; remove one of both");
          }
        });
  }

  private void upstreams() {
    final Map<String, String> names = new HashMap<>();
    final Map<String, ModelPattern> served = new LinkedHashMap<>();
    if (config.loopback().enabled()) {
      names.put(LOOPBACK, LOOPBACK);
      models(LOOPBACK, config.loopback().models(), served);
    }
    for (int i = 0; i < config.upstreams().size(); i++) {
      final UpstreamConfig upstream = config.upstreams().get(i);
      final String path = "upstreams[" + i + "]";
      if (!UPSTREAM_NAME.matcher(upstream.name()).matches()) {
        throw document.at(path + ".name", "must be letters, digits, - and _ only");
      }
      final String other = names.put(upstream.name(), path);
      if (other != null) {
        throw document.at(path + ".name", "is also the name of " + other + "; choose another");
      }
      if (upstream.tlsCa().isPresent() && !"https".equals(upstream.baseUrl().getScheme())) {
        throw document.at(path + ".tls-ca", "has no meaning without https in base-url");
      }
      models(path, upstream.models(), served);
    }
  }

  private void models(
      final String path, final List<ModelPattern> models, final Map<String, ModelPattern> served) {
    for (int i = 0; i < models.size(); i++) {
      final String key = path + ".models[" + i + "]";
      final ModelPattern model = models.get(i);
      served.forEach(
          (other, pattern) -> {
            // Within one upstream an overlap is harmless: both lead to the same place.
            if (!other.startsWith(path + ".") && pattern.overlaps(model)) {
              throw document.at(
                  key,
                  model
                      + " is already served as "
                      + pattern
                      + " by "
                      + other.substring(0, other.indexOf(".models"))
                      + "; a model has exactly one upstream"
                      + (other.startsWith(LOOPBACK) ? ", or set loopback.enabled: false" : ""));
            }
          });
      served.put(key, model);
    }
  }

  private void signer() {
    final SignerConfig signer = config.signer();
    if (!LOG_NAME.matcher(signer.logName()).matches()) {
      throw document.at("signer.log-name", "must be letters, digits, dot, - _ and / only");
    }
    if (signer.signDeadlineMs() >= config.limits().sealDeadlineMs()) {
      throw document.at(
          "signer.sign-deadline-ms",
          "must be less than limits.seal-deadline-ms ("
              + config.limits().sealDeadlineMs()
              + "), which covers the signature and the write to disk");
    }
    if (signer.retention().days() < RETENTION_DAYS_MINIMUM
        && !signer.retention().acceptBelowMinimum()) {
      throw document.at(
          "signer.retention.days",
          "is below the minimum of "
              + RETENTION_DAYS_MINIMUM
              + " days; keep records longer, or set signer.retention.accept-below-minimum: true,"
              + " which is sealed in the log");
    }
    if (signer.standby().tokenLabel().isPresent() && signer.standby().pinFile().isEmpty()) {
      throw document.at("signer.standby.pin-file", "is needed for the standby token");
    }
    if (signer.dualSignature() && signer.standby().tokenLabel().isEmpty()) {
      throw document.at("signer.dual-signature", "needs a second key; set signer.standby");
    }
  }

  private void bootstrap() {
    final BootstrapConfig bootstrap = config.bootstrap();
    final Map<String, String> names = new LinkedHashMap<>();
    names.put("organisation", bootstrap.organisation());
    names.put("team", bootstrap.team());
    names.put("user", bootstrap.user());
    names.put("environment", bootstrap.environment());
    names.put("use-case", bootstrap.useCase());
    names.forEach(
        (key, name) -> {
          if (!IDENTITY_NAME.matcher(name).matches()) {
            throw document.at("bootstrap." + key, "must be letters, digits, dot, - and _ only");
          }
        });
  }

  private void witnesses() {
    final WitnessesConfig witnesses = config.witnesses();
    final int count = witnesses.ask().size();
    for (int i = 0; i < count; i++) {
      final String key = "witnesses.ask[" + i + "].vkey";
      if (vkey(key, witnesses.ask().get(i).vkey()).type() != Vkey.Type.COSIGNATURE_ED25519) {
        throw document.at(key, "is a log's key; a witness has one of type 04");
      }
    }
    if (count > 0 && witnesses.quorum() > count) {
      throw document.at(
          "witnesses.quorum", "is above the number of witnesses in witnesses.ask, " + count);
    }
    if (count == 0 && witnesses.denyWhenStale()) {
      throw document.at("witnesses.deny-when-stale", "needs witnesses; set witnesses.ask");
    }
  }

  private void witnessService() {
    final WitnessServiceConfig service = config.witnessService();
    address("witness-service.address", service.address());
    if (service.enabled() && service.logs().isEmpty()) {
      throw document.at("witness-service.logs", "names no log to cosign");
    }
    for (int i = 0; i < service.logs().size(); i++) {
      final String key = "witness-service.logs[" + i + "]";
      if (vkey(key, service.logs().get(i)).type() == Vkey.Type.COSIGNATURE_ED25519) {
        throw document.at(key, "is a witness's key (type 04); name the log's");
      }
    }
    if (service.name().isPresent() && !LOG_NAME.matcher(service.name().get()).matches()) {
      throw document.at("witness-service.name", "must be letters, digits, dot, - _ and / only");
    }
  }

  private Vkey vkey(final String key, final String text) {
    try {
      return Vkey.parse(text);
    } catch (final NoteException e) {
      throw document.at(key, "is no verifier key: " + e.getMessage());
    }
  }

  private void forward() {
    final List<String> names = new ArrayList<>();
    for (int i = 0; i < config.forward().size(); i++) {
      final ForwardConfig target = config.forward().get(i);
      final String place = "forward[" + i + "].";
      if (!UPSTREAM_NAME.matcher(target.name()).matches()) {
        throw document.at(place + "name", "has other characters than letters, digits, - and _");
      }
      if (names.contains(target.name())) {
        throw document.at(place + "name", "is also another collector's name; choose another");
      }
      names.add(target.name());
    }
  }
}
