package io.sealgate.gateway.cli;

import picocli.CommandLine.IVersionProvider;

/** The version of this distribution. */
final class Version implements IVersionProvider {
  @Override
  public String[] getVersion() {
    final String version = Version.class.getPackage().getImplementationVersion();
    return new String[] {"sealgate " + (version == null ? "(unpackaged)" : version)};
  }
}
