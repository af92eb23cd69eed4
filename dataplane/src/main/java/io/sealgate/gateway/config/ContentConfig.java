package io.sealgate.gateway.config;

/** What is kept of calls where a policy says {@code capture: content}. */
public record ContentConfig(
    @Setting(
            says =
                "Whole UTC days after its own that a day's prompts and answers are kept; then they"
                    + " and their keys are deleted.",
            fallback = "30",
            min = 1,
            max = 36_500)
        int retentionDays) {}
