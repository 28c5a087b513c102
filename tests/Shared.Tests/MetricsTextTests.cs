using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text.RegularExpressions;
using Sandan.Shared.Telemetry;

namespace Sandan.Shared.Tests;

public sealed partial class MetricsTextTests
{
    private static readonly Meter Meter = SandanActivity.Meter;

    public MetricsTextTests() => MetricsText.Start();

    [Fact]
    public void Counters_count_up()
    {
        var counter = Meter.CreateCounter<long>("test.counted");
        counter.Add(2);
        Assert.Equal(2, Scrape()["test_counted_total"]);
        counter.Add(3);
        Assert.Equal(5, Scrape()["test_counted_total"]);
    }

    [Fact]
    public void A_name_that_says_total_says_it_once()
    {
        Meter.CreateCounter<long>("test.all.total").Add(1);
        Assert.Equal(1, Scrape()["test_all_total"]);
    }

    [Fact]
    public void Every_type_of_number_is_counted()
    {
        Meter.CreateCounter<byte>("test.number.byte").Add(1);
        Meter.CreateCounter<short>("test.number.short").Add(1);
        Meter.CreateCounter<int>("test.number.int").Add(1);
        Meter.CreateCounter<long>("test.number.long").Add(1);
        Meter.CreateCounter<float>("test.number.float").Add(1);
        Meter.CreateCounter<double>("test.number.double").Add(1);
        Meter.CreateCounter<decimal>("test.number.decimal").Add(1);
        Assert.Equal(7, Scrape().Count(one => one.Key.StartsWith("test_number_", StringComparison.Ordinal) && one.Value == 1));
    }

    [Fact]
    public void Up_down_counters_and_gauges_are_gauges_and_a_gauge_says_its_last_value()
    {
        var upDown = Meter.CreateUpDownCounter<int>("test.updown");
        upDown.Add(5);
        upDown.Add(-2);
        var gauge = Meter.CreateGauge<double>("test.gauge");
        gauge.Record(5);
        gauge.Record(1.5);
        var observed = 7L;
        Meter.CreateObservableUpDownCounter("test.observed.updown", () => observed);
        Meter.CreateObservableGauge("test.observed.gauge", () => observed);
        Meter.CreateObservableCounter("test.observed.counter", () => observed);
        Scrape();
        observed = 8;
        var scraped = Scrape(out var types);
        Assert.Equal((3, "gauge"), (scraped["test_updown"], types["test_updown"]));
        Assert.Equal((1.5, "gauge"), (scraped["test_gauge"], types["test_gauge"]));
        Assert.Equal((8, "gauge"), (scraped["test_observed_updown"], types["test_observed_updown"]));
        Assert.Equal((8, "gauge"), (scraped["test_observed_gauge"], types["test_observed_gauge"]));
        Assert.Equal((8, "counter"), (scraped["test_observed_counter_total"], types["test_observed_counter_total"]));
    }

    [Fact]
    public void Histograms_have_sum_and_count()
    {
        var histogram = Meter.CreateHistogram<double>("test.histogram");
        histogram.Record(0.5);
        histogram.Record(1);
        var scraped = Scrape(out var types);
        Assert.Equal("summary", types["test_histogram"]);
        Assert.Equal((1.5, 2), (scraped["test_histogram_sum"], scraped["test_histogram_count"]));
    }

    [Fact]
    public void Labels_are_escaped_sorted_and_named_once()
    {
        var counter = Meter.CreateCounter<long>("test.labels");
        counter.Add(1, new("b", "quote\" back\\slash\nline"), new("a.b", 1.5));
        counter.Add(1, new("a.b", 1.5), new("b", "quote\" back\\slash\nline"));
        counter.Add(1, new("a.b", "first"), new("a_b", "second"));
        counter.Add(1, new KeyValuePair<string, object?>("8", null));
        var scraped = Scrape();
        Assert.Equal(2, scraped["""test_labels_total{a_b="1.5",b="quote\" back\\slash\nline"}"""]);
        Assert.Equal(1, scraped["""test_labels_total{a_b="first"}"""]);
        Assert.Equal(1, scraped["""test_labels_total{_8=""}"""]);
    }

    [Fact]
    public void Numbers_that_are_none_are_written_as_the_format_says()
    {
        var gauge = Meter.CreateGauge<double>("test.number");
        gauge.Record(double.PositiveInfinity, new KeyValuePair<string, object?>("is", "plus"));
        gauge.Record(double.NegativeInfinity, new KeyValuePair<string, object?>("is", "minus"));
        gauge.Record(double.NaN, new KeyValuePair<string, object?>("is", "none"));
        gauge.Record(1e300, new KeyValuePair<string, object?>("is", "big"));
        var text = MetricsText.Write();
        Assert.Contains("test_number{is=\"plus\"} +Inf\n", text, StringComparison.Ordinal);
        Assert.Contains("test_number{is=\"minus\"} -Inf\n", text, StringComparison.Ordinal);
        Assert.Contains("test_number{is=\"none\"} NaN\n", text, StringComparison.Ordinal);
        Scrape();
    }

    [Fact]
    public void A_gauge_that_throws_hides_no_other()
    {
        Meter.CreateObservableGauge("test.broken", long () => throw new InvalidOperationException());
        Meter.CreateObservableGauge("test.whole", () => 1L);
        Assert.Equal(1, Scrape()["test_whole"]);
    }

    [Fact]
    public void Other_meters_are_not_shown()
    {
        using var other = new Meter("Somebody.Else");
        other.CreateCounter<long>("test.elsewhere").Add(1);
        Assert.DoesNotContain("test_elsewhere", MetricsText.Write(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_is_lost_or_garbled_when_many_count_and_scrape_at_once()
    {
        var counter = Meter.CreateCounter<long>("test.parallel");
        await Task.WhenAll(Enumerable.Range(0, 8).Select(worker => Task.Run(() =>
        {
            for (var turn = 0; turn < 5000; turn++)
            {
                counter.Add(1, new KeyValuePair<string, object?>("worker", worker % 3));
                if (turn % 1000 == 0)
                {
                    Scrape();
                }
            }
        })));
        Assert.Equal(40_000, Scrape().Where(one => one.Key.StartsWith("test_parallel", StringComparison.Ordinal)).Sum(one => one.Value));
    }

    private static Dictionary<string, double> Scrape() => Scrape(out _);

    /// <summary>Reads the text as Prometheus does; fails on what it would refuse.</summary>
    private static Dictionary<string, double> Scrape(out Dictionary<string, string> types)
    {
        var text = MetricsText.Write();
        Assert.EndsWith("\n", text, StringComparison.Ordinal);
        Assert.DoesNotContain('\r', text);
        types = [];
        var samples = new Dictionary<string, double>();
        var family = "";
        foreach (var line in text[..^1].Split('\n'))
        {
            if (TypeLine().Match(line) is { Success: true } type)
            {
                family = type.Groups[1].Value;
                types.Add(family, type.Groups[2].Value); // a family stands once
                continue;
            }

            var sample = SampleLine().Match(line);
            Assert.True(sample.Success, line);
            var name = sample.Groups["name"].Value;
            Assert.True(name == family || (types[family] == "summary" && (name == family + "_sum" || name == family + "_count")), line);
            var labels = sample.Groups["label"].Captures.Select(one => one.Value).ToArray();
            Assert.Equal(labels.Length, labels.Distinct().Count());
            var value = sample.Groups["value"].Value switch
            {
                "+Inf" => double.PositiveInfinity,
                "-Inf" => double.NegativeInfinity,
                "NaN" => double.NaN,
                var number => double.Parse(number, NumberStyles.Float, CultureInfo.InvariantCulture),
            };
            samples.Add(name + sample.Groups["labels"].Value, value); // a series stands once
        }

        return samples;
    }

    [GeneratedRegex("^# TYPE ([a-zA-Z_:][a-zA-Z0-9_:]*) (counter|gauge|summary)$")]
    private static partial Regex TypeLine();

    [GeneratedRegex("""^(?<name>[a-zA-Z_:][a-zA-Z0-9_:]*)(?<labels>\{((?<label>[a-zA-Z_][a-zA-Z0-9_]*)="([^"\\\n]|\\["\\n])*",?)*\})? (?<value>\S+)$""")]
    private static partial Regex SampleLine();
}
