using System.Globalization;

namespace Sandan.Bench;

/// <summary>What was asked for.</summary>
/// <param name="Rate">Consignments a second; null: what the machine allows is looked for.</param>
/// <param name="Seconds">Length of a level.</param>
/// <param name="Json">File for the results, which also go beside it as Markdown; null: none.</param>
/// <param name="Rows">Waiting consignments of <c>deep</c>.</param>
internal sealed record Options(string Scenario, double? Rate, int Seconds, string? Json, int Rows)
{
    public const string Usage =
        """
        Usage: ./sandan bench [SCENARIO] [--rate N] [--seconds S] [--rows N] [--json FILE]
               ./sandan bench micro [--filter PATTERN]

          batch    requests of 500 documents, and the two baselines on the same servers (default)
          single   one document a request over 64 connections, against batch
          xml      official messages of 100 documents
          resend   30 of 100 requests come twice; then everything comes again
          burst    ten times half of what it can take, for 10 seconds
          deep     with many waiting consignments stored already, against few
          mixed    order, payment and waybill come minutes apart
          split    one process per service, against one for all
          all      each of them

          --rate N     consignments a second; default: the highest rate that it keeps up with is looked for (batch),
                       or what is said of the scenario in docs/performance.md
          --seconds S  length of a level, default 60
          --rows N     waiting consignments of deep, default 1000000
          --json FILE  results as JSON, and beside it as Markdown

          micro    no servers: time and allocated bytes per document of parsing and validation, encryption and indexing,
                   rules, and event serialization

          --filter PATTERN  only those whose name (Rules.Join) contains it; * stands for anything
        """;

    public static readonly string[] Scenarios = ["batch", "single", "xml", "resend", "burst", "deep", "mixed", "split"];

    /// <summary>Null where the arguments cannot be understood.</summary>
    public static Options? Of(string[] args)
    {
        var options = new Options("batch", null, 60, null, 1_000_000);
        for (var at = 0; at < args.Length; at++)
        {
            var value = at + 1 < args.Length ? args[at + 1] : "";
            var isNumber = int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0;
            switch (args[at])
            {
                case "--rate" when isNumber: options = options with { Rate = number }; break;
                case "--seconds" when isNumber: options = options with { Seconds = number }; break;
                case "--rows" when isNumber: options = options with { Rows = number }; break;
                case "--json" when value.Length > 0: options = options with { Json = Path.GetFullPath(value) }; break;
                case var scenario when at == 0 && (scenario == "all" || Scenarios.Contains(scenario)):
                    options = options with { Scenario = scenario };
                    continue;
                default: return null;
            }

            at++;
        }

        return options;
    }
}
