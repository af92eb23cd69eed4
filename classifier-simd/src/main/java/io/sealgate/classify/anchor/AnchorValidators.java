package io.sealgate.classify.anchor;

import io.sealgate.classify.find.AnchorRules;
import io.sealgate.classify.finding.AnchorRule;
import io.sealgate.classify.pack.Rule;
import io.sealgate.classify.secret.Assignments;
import io.sealgate.classify.secret.AwsKeys;
import io.sealgate.classify.secret.EncodedKeys;
import io.sealgate.classify.secret.FieldPasswords;
import io.sealgate.classify.secret.JsonWebTokens;
import io.sealgate.classify.secret.PrivateKeys;
import io.sealgate.classify.secret.ServiceAccounts;
import io.sealgate.classify.secret.TokenRule;
import io.sealgate.classify.secret.UrlPasswords;
import io.sealgate.classify.tripwire.ChatTokens;
import io.sealgate.classify.tripwire.DataLinks;
import io.sealgate.classify.tripwire.PhraseRule;

/** The code behind the {@code validator} of an anchored rule. */
final class AnchorValidators {
  private AnchorValidators() {}

  /**
   * A rule for one thread.
   *
   * @throws IllegalArgumentException when the rule names no validator that there is, or sets it up
   *     wrongly
   */
  static AnchorRule create(final Rule rule) {
    return switch (rule.value("validator")) {
      case "jwt" -> new JsonWebTokens(rule);
      case "pem" -> new PrivateKeys(rule);
      case "pem-base64" -> new EncodedKeys(rule);
      case "aws-key-id" -> new AwsKeys(rule);
      case "gcp-service-account" -> new ServiceAccounts(rule);
      case "url-password" -> new UrlPasswords(rule);
      case "assignment" -> new Assignments(rule);
      case "dsn-password" -> new FieldPasswords(rule);
      case "phrase" -> new PhraseRule(rule);
      case "chat-token" -> new ChatTokens(rule);
      case "data-link" -> new DataLinks(rule);
      default -> AnchorRules.of(rule).orElseGet(() -> new TokenRule(rule));
    };
  }
}
