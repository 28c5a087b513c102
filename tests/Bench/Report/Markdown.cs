using System.Globalization;
using System.Text;

namespace Sandan.Bench.Report;

/// <summary>Writes results as Markdown: what a person reads.</summary>
internal static class Markdown
{
    public static string Write(Results results)
    {
        var text = new StringBuilder();
        var facts = results.Facts;
        Line(text, $"`{results.Command}`, {facts.At:yyyy-MM-dd HH:mm} UTC, commit {facts.Commit}");
        Line(text, $"");
        Line(text, $"{facts.Processor}, {facts.Cores} cores, {facts.MemoryGb:0} GB; Linux {facts.Kernel}; {facts.Runtime};");
        Line(text, $"PostgreSQL {facts.Postgres}; RabbitMQ {facts.RabbitMq}. Generator and servers share the cores.");
        Line(text, $"PostgreSQL: {string.Join(", ", facts.PostgresSettings.Select(one => $"{one.Key} = {one.Value}"))}.");
        foreach (var scenario in results.Scenarios)
        {
            Write(text, scenario);
        }

        return text.ToString();
    }

    private static void Write(StringBuilder text, Result scenario)
    {
        Line(text, $"");
        Line(text, $"### {scenario.Scenario}");
        if (scenario.Levels.Count > 0)
        {
            Line(text, $"");
            Line(text, $"| sent | cleared/s | keeps up | clearance ms p50 / p90 / p99 / p99.9 | answer ms p50 / p99 | CPU % | CPU µs: services + PostgreSQL + RabbitMQ + generator | WAL bytes, flushes | allocated bytes a document | bytes a document sent, events a consignment | drained s | refused | peak MB |");
            Line(text, $"|---|---|---|---|---|---|---|---|---|---|---|---|---|");
            foreach (var one in scenario.Levels)
            {
                var cpu = one.CpuMicroseconds;
                Line(text, $"| {one.Name} | {one.Cleared:0} | {YesOrNo(one.Keeps)} | {one.Clearance.P50:0} / {one.Clearance.P90:0} / {one.Clearance.P99:0} / {one.Clearance.P999:0} | {one.Answer.P50:0} / {one.Answer.P99:0} | {one.CpuPercent:0} | {cpu.Sum:0}: {cpu.Services:0} + {cpu.Postgres:0} + {cpu.RabbitMq:0} + {cpu.Generator:0} | {one.WalBytes:0}, {one.WalSyncs:0.000} | {one.AllocatedBytes:0} | {one.RequestBytes:0}, {one.EventBytes:0} | {one.DrainSeconds:0.0} | {one.Refusals} | {one.PeakMemoryMb:0} |");
            }
        }

        if (scenario.Figures.Count > 0)
        {
            Line(text, $"");
            Line(text, $"| figure | measured | must | met |");
            Line(text, $"|---|---|---|---|");
            foreach (var one in scenario.Figures)
            {
                Line(text, $"| {one.Name} | {one.Value:0.##} {one.Unit} | {(one.AtMost ? "≤" : "≥")} {one.Must:0.##} | {YesOrNo(one.IsMet)} |");
            }
        }

        Line(text, $"");
        Line(text, $"Books: {(scenario.Faults.Count == 0 ? "every outcome is there, once, and right." : "VOID")}");
        foreach (var fault in scenario.Faults)
        {
            Line(text, $"- {fault}");
        }
    }

    private static string YesOrNo(bool? answer) => answer switch { true => "yes", false => "**no**", null => "" };

    private static void Line(StringBuilder text, FormattableString line) => text.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');
}
