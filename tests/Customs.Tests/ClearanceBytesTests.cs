using System.Text.Json;
using Sandan.Contracts;
using Sandan.Contracts.Events;
using Sandan.Customs.Domain;
using Sandan.Customs.Storage;

namespace Sandan.Customs.Tests;

/// <summary>A clearance as its row keeps it.</summary>
public sealed class ClearanceBytesTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 11, 2, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_clearance_comes_back_whole()
    {
        var clearance = new Clearance { Key = new("P", "O"), Number = 1_234 }
            .Judge(Samples.Verdict(
                3, ConsignmentState.Matched,
                [Samples.Discrepancy("1332", DiscrepancySeverity.Warning)], [Samples.Risk("R05", RiskSeverity.Hold)]))!
            .Assess(Samples.Tax(3, 2, TaxRoute.Held, new TaxReason("S5002", 1, "a", "b")))!;
        clearance = clearance.With(clearance.DecideByRules(ForcedOutcome.None, Now)!);
        clearance = clearance.With(clearance.DecideByOfficer(OfficerAction.Release, "officer-7", "看过", Now.AddDays(1)));

        // Members with a column of their own are not in the bytes.
        var back = ClearanceBytes.Read(ClearanceBytes.Write(clearance)) with
        {
            Key = clearance.Key,
            Number = clearance.Number,
            Revision = clearance.Revision,
            Status = clearance.Status,
        };
        Assert.Equal(JsonSerializer.Serialize(clearance), JsonSerializer.Serialize(back));
    }

    [Fact]
    public void What_is_not_there_stays_away()
    {
        var back = ClearanceBytes.Read(ClearanceBytes.Write(new() { Key = new("P", "O") }));
        Assert.Equal(
            (null, null, null, 0), (back.Judged, back.Assessed, back.Code, back.Decision));
    }
}
