/**
 * Limits and the tables that count against them: rates, calls in progress, budgets, daily spend and
 * tool breakers. Knows holders by name and nothing of calls or rules.
 */
package io.sealgate.policy.limit;
