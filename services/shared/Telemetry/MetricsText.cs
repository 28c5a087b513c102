using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;

namespace Sandan.Shared.Telemetry;

/// <summary>
/// The process's metrics in Prometheus text format 0.0.4: counters and gauges as they are, histograms as sum and
/// count. Written here because no Prometheus exporter package is to be had; OTLP export is OpenTelemetry's own.
/// </summary>
public static class MetricsText
{
    private static readonly string[] Meters =
        ["Sandan", "Npgsql", "Microsoft.AspNetCore.Server.Kestrel", "Microsoft.AspNetCore.Hosting", "System.Runtime"];

    private static readonly ConcurrentDictionary<(string Name, string Labels), Series> All = new();
    private static readonly MeterListener Listener = Listen();

    /// <summary>Begins to count; call once at start, before anything is measured.</summary>
    public static void Start() => _ = Listener;

    /// <summary>Everything measured so far.</summary>
    public static string Write()
    {
        try
        {
            Listener.RecordObservableInstruments();
        }
        catch (AggregateException)
        {
            // A gauge that cannot be read must not hide the others.
        }

        var text = new StringBuilder();
        foreach (var family in All.GroupBy(one => (one.Key.Name, one.Value.Kind)).OrderBy(one => one.Key.Name, StringComparer.Ordinal))
        {
            text.Append(CultureInfo.InvariantCulture, $"# TYPE {family.Key.Name} {family.Key.Kind}\n");
            foreach (var ((name, labels), series) in family)
            {
                var (sum, count) = series.Read();
                if (series.Kind == "summary")
                {
                    text.Append(CultureInfo.InvariantCulture, $"{name}_sum{labels} {Number(sum)}\n");
                    text.Append(CultureInfo.InvariantCulture, $"{name}_count{labels} {count}\n");
                }
                else
                {
                    text.Append(CultureInfo.InvariantCulture, $"{name}{labels} {Number(sum)}\n");
                }
            }
        }

        return text.ToString();
    }

    private static MeterListener Listen()
    {
        var listener = new MeterListener
        {
            InstrumentPublished = (instrument, me) =>
            {
                if (Meters.Contains(instrument.Meter.Name))
                {
                    me.EnableMeasurementEvents(instrument, new Measured(instrument));
                }
            },
        };
        listener.SetMeasurementEventCallback<byte>((_, value, tags, measured) => ((Measured)measured!).Record(value, tags));
        listener.SetMeasurementEventCallback<short>((_, value, tags, measured) => ((Measured)measured!).Record(value, tags));
        listener.SetMeasurementEventCallback<float>((_, value, tags, measured) => ((Measured)measured!).Record(value, tags));
        listener.SetMeasurementEventCallback<decimal>((_, value, tags, measured) => ((Measured)measured!).Record((double)value, tags));
        listener.SetMeasurementEventCallback<long>((_, value, tags, measured) => ((Measured)measured!).Record(value, tags));
        listener.SetMeasurementEventCallback<int>((_, value, tags, measured) => ((Measured)measured!).Record(value, tags));
        listener.SetMeasurementEventCallback<double>((_, value, tags, measured) => ((Measured)measured!).Record(value, tags));
        listener.Start();
        return listener;
    }

    private static string Labels(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (tags.IsEmpty)
        {
            return "";
        }

        // Sorted, and each name once: the same labels in another order are the same series.
        var text = new StringBuilder("{");
        foreach (var (key, value) in tags.ToArray().Select(tag => (Key: Clean(tag.Key), tag.Value))
            .DistinctBy(tag => tag.Key).OrderBy(tag => tag.Key, StringComparer.Ordinal))
        {
            var said = Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
            text.Append(text.Length > 1 ? "," : "").Append(key).Append("=\"")
                .Append(said.Replace("\\", "\\\\", StringComparison.Ordinal)
                    .Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal))
                .Append('"');
        }

        return text.Append('}').ToString();
    }

    private static string Clean(string name)
    {
        var clean = string.Concat(name.Select(letter => char.IsAsciiLetterOrDigit(letter) ? letter : '_'));
        return clean.Length > 0 && char.IsAsciiLetter(clean[0]) ? clean : "_" + clean;
    }

    private static string Number(double value) => value switch
    {
        double.PositiveInfinity => "+Inf",
        double.NegativeInfinity => "-Inf",
        _ => value.ToString(CultureInfo.InvariantCulture),
    };

    /// <summary>
    /// An instrument and its series by tags. A request is measured by a dozen of them: the labels are written out once per
    /// series and not once per measurement.
    /// </summary>
    private sealed class Measured
    {
        private readonly ConcurrentDictionary<int, (KeyValuePair<string, object?>[] Tags, Series Series)> known = new();
        private readonly string name;
        private readonly string kind;
        private readonly bool isAdded;

        public Measured(Instrument instrument)
        {
            // Counters count up, up-down counters are gauges that are added to, gauges say how much there is.
            var type = instrument.GetType().GetGenericTypeDefinition();
            kind = type == typeof(Histogram<>) ? "summary"
                : type == typeof(Counter<>) || type == typeof(ObservableCounter<>) ? "counter"
                : "gauge";
            isAdded = type == typeof(Counter<>) || type == typeof(UpDownCounter<>) || type == typeof(Histogram<>);
            name = Clean(instrument.Name);
            if (kind == "counter" && !name.EndsWith("_total", StringComparison.Ordinal))
            {
                name += "_total";
            }
        }

        public void Record(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            var hash = new HashCode();
            foreach (var (key, tag) in tags)
            {
                hash.Add(key);
                hash.Add(tag);
            }

            var code = hash.ToHashCode();
            if (!known.TryGetValue(code, out var one) || !Same(one.Tags, tags))
            {
                // Where two sets of tags have the same hash, they take turns in being remembered.
                known[code] = one = (tags.ToArray(), All.GetOrAdd((name, Labels(tags)), static (_, k) => new(k), kind));
            }

            one.Series.Record(value, isAdded);
        }

        private static bool Same(ReadOnlySpan<KeyValuePair<string, object?>> some, ReadOnlySpan<KeyValuePair<string, object?>> others)
        {
            if (some.Length != others.Length)
            {
                return false;
            }

            for (var at = 0; at < some.Length; at++)
            {
                if (some[at].Key != others[at].Key || !Equals(some[at].Value, others[at].Value))
                {
                    return false;
                }
            }

            return true;
        }
    }

    private sealed class Series(string kind)
    {
        private readonly Lock gate = new();
        private double sum;
        private long count;

        public string Kind { get; } = kind;

        public void Record(double value, bool isAdded)
        {
            lock (gate)
            {
                count++;
                sum = isAdded ? sum + value : value;
            }
        }

        public (double Sum, long Count) Read()
        {
            lock (gate)
            {
                return (sum, count);
            }
        }
    }
}
