using Sandan.Contracts.Events;
using Sandan.Intake.Domain;

namespace Sandan.Intake.Tests;

/// <summary>A version is told with what consumers must know of those before it, so that they need not see them.</summary>
public sealed class TellingTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 20, 4, 0, 0, TimeSpan.Zero);

    [Fact]
    public void The_first_version_stands_for_itself()
    {
        var told = Telling.Of([Version(1, "O1", stated: false)])!;
        Assert.Equal((1, false, null, null), (told.Version, told.AppTimeStated, told.First, told.EarlierOrders));
    }

    [Fact]
    public void A_later_one_tells_of_the_first_and_of_the_order_numbers_before()
    {
        var told = Telling.Of([Version(1, "O1", stated: false), Version(2, "O2"), Version(3, "O1"), Version(4, "O3")])!;
        Assert.Equal(new FirstVersion(Start.AddMinutes(1), false, Start.AddMinutes(2)), told.First);
        Assert.Equal(["O1", "O2"], told.EarlierOrders!);
        Assert.Equal(4, told.Version);
    }

    [Fact]
    public void One_that_comes_back_to_its_order_number_tells_only_of_the_other() =>
        Assert.Equal(["O2"], Telling.Of([Version(1, "O1"), Version(2, "O2"), Version(3, "O1")])!.EarlierOrders!);

    [Fact]
    public void Documents_whose_order_number_cannot_change_tell_of_none() =>
        Assert.Null(Telling.Of([Version(1, null), Version(2, null)])!.EarlierOrders);

    [Fact]
    public void A_document_that_took_a_number_over_tells_of_none_before()
    {
        var renewed = Version(2, "O2") with { Renews = true };
        var told = Telling.Of([Version(1, "O1"), renewed])!;
        Assert.Equal((2, null, null), (told.Version, told.First, told.EarlierOrders));

        var changed = Telling.Of([Version(1, "O1"), renewed, Version(3, "O3")])!;
        Assert.Equal(["O2"], changed.EarlierOrders!);
        Assert.Equal(Start.AddMinutes(2), changed.First!.AppTime);
    }

    [Fact]
    public void Drafts_and_the_end_of_drafts_are_told_to_nobody_and_are_no_first_version()
    {
        var draft = Version(1, "O1") with { Draft = true };
        var end = Version(2, "O1") with { Deleted = true };
        Assert.Null(Telling.Of([draft]));
        Assert.Null(Telling.Of([draft, end]));

        var declared = Telling.Of([draft, end, Version(3, "O2")])!;
        Assert.Null(declared.First);
        Assert.Null(declared.EarlierOrders);
    }

    [Fact]
    public void A_withdrawal_of_what_was_told_is_told()
    {
        var told = Telling.Of([Version(1, "O1"), Version(2, "O1") with { Deleted = true }])!;
        Assert.True(told.Deleted);
        Assert.Equal(Start.AddMinutes(1), told.First!.AppTime);
    }

    private static StoredVersion Version(int version, string? orderNo, bool stated = true) =>
        new(Guid.CreateVersion7(Start), version, Start.AddMinutes(version), [], Draft: false, Deleted: false)
        {
            AppTimeStated = stated,
            ReceivedAt = Start.AddMinutes(version + 1),
            OrderNo = orderNo,
        };
}
