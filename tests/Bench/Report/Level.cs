using System.Globalization;
using HdrHistogram;

namespace Sandan.Bench.Report;

/// <summary>Microseconds of CPU, by process.</summary>
internal sealed record CpuSplit(double Services, double Postgres, double RabbitMq, double Generator)
{
    public double Sum => Services + Postgres + RabbitMq + Generator;

    public CpuSplit Per(double count) => new(Services / count, Postgres / count, RabbitMq / count, Generator / count);
}

/// <summary>Milliseconds.</summary>
internal sealed record Percentiles(double P50, double P90, double P99, double P999)
{
    /// <param name="microseconds">May be written to meanwhile.</param>
    public static Percentiles Of(LongHistogram microseconds)
    {
        lock (microseconds)
        {
            return new(At(50), At(90), At(99), At(99.9));
        }

        double At(double percentile) => microseconds.TotalCount == 0 ? 0 : microseconds.GetValueAtPercentile(percentile) / 1000.0;
    }
}

/// <summary>What was measured while something was sent.</summary>
/// <param name="Rate">Consignments a second that were to be sent; null: as fast as answers came.</param>
/// <param name="Seconds">How long sending lasted.</param>
/// <param name="Cleared">Consignments a second: cleared while sending lasted; without a rate, until the last was cleared.</param>
/// <param name="Keeps">The backlog did not grow, and p99 of the clearance is at most a second; null without a rate.</param>
/// <param name="Clearance">From the intended sending of the last document to the clearance event on the feed.</param>
/// <param name="Answer">From the intended sending of a request to its answer.</param>
/// <param name="CpuPercent">Of all cores of the machine, while sending lasted.</param>
/// <param name="CpuMicroseconds">For a consignment, until the last was cleared.</param>
/// <param name="WalBytes">For a consignment, as are <paramref name="WalSyncs"/>.</param>
/// <param name="AllocatedBytes">By gateway and services, for a document.</param>
/// <param name="RequestBytes">Of request bodies, for a document.</param>
/// <param name="EventBytes">Of the messages that left the outboxes, for a consignment.</param>
/// <param name="DrainSeconds">From the last request to the last clearance.</param>
/// <param name="Refusals">Requests that were answered 429 or 503.</param>
/// <param name="PeakMemoryMb">Of gateway and services, since their start.</param>
internal sealed record Level(
    string Name,
    double? Rate,
    double Seconds,
    double Cleared,
    bool? Keeps,
    Percentiles Clearance,
    Percentiles Answer,
    double CpuPercent,
    CpuSplit CpuMicroseconds,
    double WalBytes,
    double WalSyncs,
    double AllocatedBytes,
    double RequestBytes,
    double EventBytes,
    double DrainSeconds,
    int Refusals,
    double PeakMemoryMb)
{
    /// <summary>One line while the benchmark runs.</summary>
    public string Summary => string.Create(
        CultureInfo.InvariantCulture,
        $"{Name}: {Cleared:0}/s cleared, clearance p50 {Clearance.P50:0} ms p99 {Clearance.P99:0} ms, CPU {CpuPercent:0} %,"
        + $" {CpuMicroseconds.Sum:0} µs a consignment{(Keeps == false ? ", does not keep up" : "")}");
}
