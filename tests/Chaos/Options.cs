using System.Globalization;

namespace Sandan.Chaos;

/// <summary>What was asked for.</summary>
/// <param name="Seed">Of the load and of the faults: the same seed sends the same documents and chooses the same faults.</param>
/// <param name="Documents">Sent at least; repeats do not count.</param>
/// <param name="Faults">Injected at least.</param>
/// <param name="Rate">Consignments a second.</param>
/// <param name="Split">One process per service.</param>
internal sealed record Options(int Seed, int Documents, int Faults, double Rate, bool Split)
{
    public const string Usage =
        """
        Usage: ./sandan chaos [--seed S] [--documents N] [--kills K] [--rate R] [--split]

          --seed S       of load and faults; default: drawn, and printed
          --documents N  to send, default 20000
          --kills K      faults to inject, default 12: processes and servers are killed or stopped, their connections
                         cut, stalled and reset
          --rate R       consignments a second, default 600
          --split        one process per service instead of one for all
        """;

    /// <summary>Null where the arguments cannot be understood.</summary>
    public static Options? Of(string[] args)
    {
        var options = new Options(Random.Shared.Next(1, 1_000_000), 20_000, 12, 600, false);
        for (var at = 0; at < args.Length; at++)
        {
            if (args[at] == "--split")
            {
                options = options with { Split = true };
                continue;
            }

            if (at + 1 == args.Length
                || !int.TryParse(args[at + 1], NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                || number < 1)
            {
                return null;
            }

            switch (args[at++])
            {
                case "--seed": options = options with { Seed = number }; break;
                case "--documents": options = options with { Documents = number }; break;
                case "--kills": options = options with { Faults = number }; break;
                case "--rate": options = options with { Rate = number }; break;
                default: return null;
            }
        }

        return options;
    }
}
