using Sandan.Shared.Messaging;

namespace Sandan.Shared.Tests;

/// <summary>A worker rests as long as it worked, and no longer than it may.</summary>
public sealed class PaceTests
{
    private readonly Clock clock = new();

    [Theory]
    [InlineData(2, 10, 20)]
    [InlineData(2, 80, 100)]
    [InlineData(1, 0, 0)]
    public void The_rest_follows_the_work_up_to_its_bound(double times, int workedMs, int restMs)
    {
        var pace = new Pace(times, TimeSpan.FromMilliseconds(100), clock);
        pace.Begin();
        clock.Pass(workedMs);
        pace.End();

        Assert.Equal(restMs, pace.Left.TotalMilliseconds);
    }

    [Fact]
    public void What_passed_of_the_rest_is_not_rested_again()
    {
        var pace = new Pace(1, TimeSpan.FromSeconds(1), clock);
        pace.Begin();
        clock.Pass(50);
        pace.End();
        clock.Pass(30);
        Assert.Equal(20, pace.Left.TotalMilliseconds);

        clock.Pass(30);
        Assert.Equal(TimeSpan.Zero, pace.Left);
    }

    [Fact]
    public void Who_never_worked_does_not_rest() =>
        Assert.Equal(TimeSpan.Zero, new Pace(2, TimeSpan.FromSeconds(1), clock).Left);

    private sealed class Clock : TimeProvider
    {
        private long milliseconds;

        public override long TimestampFrequency => 1000;

        public override long GetTimestamp() => milliseconds;

        public void Pass(int some) => milliseconds += some;
    }
}
