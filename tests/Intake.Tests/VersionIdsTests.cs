using Sandan.Intake.Domain;

namespace Sandan.Intake.Tests;

/// <summary>The ids of a transaction's documents are UUIDs of version 7, never the same, and in order.</summary>
public sealed class VersionIdsTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 20, 4, 0, 0, 123, TimeSpan.Zero);

    [Fact]
    public void Ids_are_of_version_7_and_of_the_time_given()
    {
        var id = new VersionIds(Now).Next();

        Assert.Equal(7, id.Version);
        Assert.InRange(id.Variant, 8, 11);
        Assert.Equal(Guid.CreateVersion7(Now).ToByteArray(bigEndian: true)[..6], id.ToByteArray(bigEndian: true)[..6]);
    }

    [Fact]
    public void No_two_are_the_same_also_beyond_one_drawing()
    {
        var ids = new VersionIds(Now);

        Assert.Equal(1000, Enumerable.Range(0, 1000).Select(_ => ids.Next()).Distinct().Count());
    }

    [Fact]
    public void Each_is_above_the_one_before_it_as_the_database_compares_them_too()
    {
        var ids = new VersionIds(Now);
        Guid[] given = [.. Enumerable.Range(0, 1 << 18).Select(_ => ids.Next())];

        Assert.Equal(given.Order(), given);
        Assert.Equal(given.OrderBy(id => id.ToString(), StringComparer.Ordinal), given);
    }
}
