using System.Buffers;
using System.Text;
using System.Text.Json;
using Sandan.Contracts;
using Sandan.Contracts.Codes;
using Sandan.Contracts.Ceb;
using Sandan.Contracts.Events;
using Sandan.Customs.Domain;
using Sandan.Customs.Feed;

namespace Sandan.Customs.Tests;

/// <summary>What is told, and how it is written.</summary>
public sealed class FeedTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 11, 2, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(null, 100, "1332", FeedTypes.Rejected)]
    [InlineData(120, 300, "S5001", FeedTypes.Held)]
    [InlineData(300, 500, "S6004", FeedTypes.Inspection)]
    [InlineData(120, 800, "2600", FeedTypes.Released)]
    [InlineData(800, 800, "S6003", FeedTypes.ChangedAfterRelease)]
    [InlineData(300, 120, "S6001", FeedTypes.Withdrawn)]
    [InlineData(null, 120, "1800", null)]
    [InlineData(100, 120, "1800", null)]
    public void Each_decision_has_its_type_and_stored_is_not_told(int? before, int status, string code, string? type) =>
        Assert.Equal(type, FeedTypes.Of(new(1, 1, (ReturnStatus)status, (ReturnStatus?)before, code, "rule", Now, "rules")));

    [Fact]
    public void The_numbers_of_the_types_never_change() => Assert.Equal(
        [
            "cn.sandan.clearance.released.v1", "cn.sandan.clearance.held.v1", "cn.sandan.clearance.rejected.v1",
            "cn.sandan.clearance.inspection.v1", "cn.sandan.clearance.changed-after-release.v1",
            "cn.sandan.clearance.withdrawn.v1", "cn.sandan.consignment.overdue.v1", "cn.sandan.consignment.ambiguous.v1",
            "cn.sandan.risk.detected.v1",
            "cn.sandan.inventory.released.v1", "cn.sandan.inventory.rejected.v1", "cn.sandan.inventory.held.v1",
            "cn.sandan.inventory.inspection.v1", "cn.sandan.inventory.withdrawn.v1",
            "cn.sandan.export.released.v1", "cn.sandan.export.rejected.v1", "cn.sandan.export.withdrawn.v1", "cn.sandan.export.departed.v1",
            "cn.sandan.return.held.v1", "cn.sandan.return.released.v1", "cn.sandan.return.rejected.v1", "cn.sandan.return.withdrawn.v1",
            "cn.sandan.export-return.held.v1", "cn.sandan.export-return.released.v1", "cn.sandan.export-return.rejected.v1",
            "cn.sandan.export-return.withdrawn.v1", "cn.sandan.summary.made.v1", "cn.sandan.summary.rejected.v1",
            "cn.sandan.export.held.v1", "cn.sandan.export.inspection.v1",
        ],
        FeedTypes.All);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(long.MaxValue)]
    public void A_cursor_comes_back(long position) =>
        Assert.Equal(position, Cursor.Read(Cursor.Feed, Cursor.Write(Cursor.Feed, position)));

    [Theory]
    [InlineData("")]
    [InlineData("1")]
    [InlineData("AWYAAAAAAAAA")]
    [InlineData("AmYAAAAAAAAAAQ")]
    [InlineData("AWb__________w")]
    [InlineData("AWYAAAAAAAAAAQ==")]
    [InlineData("AWYAAAAAAAAAAQ ")]
    [InlineData("../../etc/passwd")]
    public void What_is_no_cursor_is_refused(string text) => Assert.Null(Cursor.Read(Cursor.Feed, text));

    [Fact]
    public void A_cursor_of_one_list_is_none_of_another() =>
        Assert.Null(Cursor.Read(Cursor.Feed, Cursor.Write(Cursor.Clearances, 1)));

    [Fact]
    public void ReturnInfo_has_the_official_form()
    {
        Assert.Equal(
            $"[Code:1332;Desc:{Explained.TextOf("1332").Zh}],[OrderHead.acturalPaid:561.89,PaymentHead.amountPaid:3197.95]",
            ReturnInfo.Of("1332", cause: Samples.Discrepancy("1332")));
        Assert.Equal(
            $"[Code:1300;Desc:{Explained.TextOf("1300").Zh}，证件(复印件)不清]", ReturnInfo.Of("1300", "证件[复印件]不清"));
        Assert.Equal("[Code:S6004;Desc:布控查验]", ReturnInfo.Of("S6004"));
    }

    [Fact]
    public void A_party_sees_neither_watched_risks_nor_numbers_nor_evidence()
    {
        var judged = Judge(ConsignmentState.Matched, risks: [Samples.Risk("R09", RiskSeverity.Watch), Samples.Risk("R05", RiskSeverity.Hold)]);
        var risk = Assert.Single(FeedEvents.RisksOf(judged, everything: false)!);
        Assert.Equal(("R05", null, null, null), (risk.Rule, risk.Observed, risk.Limit, risk.Evidence));
        Assert.Equal(2, FeedEvents.RisksOf(judged, everything: true)!.Count);

        var detected = Assert.Single(FeedEvents.Of(judged));
        Assert.Equal(FeedTypes.RiskDetected, detected.Type);
        Assert.Empty(detected.Parties);
    }

    [Fact]
    public void An_ambiguous_verdict_is_told_to_its_parties()
    {
        var told = Assert.Single(FeedEvents.Of(Judge(ConsignmentState.Ambiguous)));
        Assert.Equal((FeedTypes.Ambiguous, "P/O"), (told.Type, told.Subject));
        Assert.Equal(["P", "S", "PAY", "LOG"], told.Parties);
    }

    [Fact]
    public void An_overdue_waybill_without_a_platform_is_told_to_its_carrier()
    {
        var told = FeedEvents.Of(new ConsignmentOverdue("", "O", [DocumentKind.Order], Now.AddDays(-1), Now, null, null, "LOG"));
        Assert.Equal(("/O", Now), (told.Subject, told.Time));
        Assert.Equal(["LOG"], told.Parties);
    }

    [Fact]
    public void A_text_with_NUL_is_refused_before_the_feed_is_locked() => Assert.Throws<ArgumentException>(() =>
        FeedEvents.Of(new ConsignmentOverdue("P", "O\0", [], Now, Now, null, null, null)));

    [Fact]
    public void Ids_are_of_version_7_differ_and_sort_by_time()
    {
        var ids = Enumerable.Range(0, 1_000).Select(at => EventIds.Next(Now.AddMilliseconds(at))).ToArray();
        Assert.All(ids, id => Assert.Equal((7, true), (id.Version, id.Variant is >= 8 and <= 11)));
        Assert.Equal(1_000, ids.Select(id => id.ToString()[14..]).Distinct().Count());
        Assert.Equal(ids.Order(), ids);
        Assert.Equal(
            Convert.ToHexStringLower(Guid.CreateVersion7(Now).ToByteArray(bigEndian: true), 0, 6),
            Convert.ToHexStringLower(ids[0].ToByteArray(bigEndian: true), 0, 6));
    }

    [Fact]
    public void An_event_is_a_CloudEvent_on_one_line()
    {
        var clearance = Judge(ConsignmentState.Mismatched, discrepancies: [Samples.Discrepancy("1332")]);
        var decision = clearance.DecideByRules(ForcedOutcome.None, Now)!;
        var made = FeedEvents.Of(clearance.With(decision), decision)!;
        var buffer = new ArrayBufferWriter<byte>();
        using (var events = new CloudEvents(buffer, "/zones/demo/customs"))
        {
            events.Write(new StoredEvent(
                7, made.Id, FeedTypes.NumberOf(made.Type), Encoding.UTF8.GetBytes(made.Subject), made.Time, "00-1-2-01", made.Data));
        }

        Assert.DoesNotContain((byte)'\n', buffer.WrittenSpan.ToArray());
        using var json = JsonDocument.Parse(buffer.WrittenMemory);
        var root = json.RootElement;
        Assert.Equal("1.0", root.GetProperty("specversion").GetString());
        Assert.Equal("/zones/demo/customs", root.GetProperty("source").GetString());
        Assert.Equal("2026-11-11T02:00:00Z", root.GetProperty("time").GetString());
        Assert.Equal("7", root.GetProperty("sequence").GetString());
        Assert.Equal("00-1-2-01", root.GetProperty("traceparent").GetString());
        var data = root.GetProperty("data");
        Assert.Equal("P", data.GetProperty("ebpCode").GetString());
        Assert.Equal(100, data.GetProperty("returnStatus").GetInt32());
        Assert.Equal(1210, data.GetProperty("tradeMode").GetInt32());
        Assert.Equal(2636.06m, data.GetProperty("discrepancies")[0].GetProperty("difference").GetDecimal());
        Assert.Equal(100m, data.GetProperty("amounts").GetProperty("goodsValue").GetDecimal());
        Assert.False(data.TryGetProperty("tax", out _));
    }

    [Fact]
    public void Every_own_code_has_its_texts()
    {
        var codes = typeof(ClearanceCodes).GetFields().Select(field => (string)field.GetRawConstantValue()!).ToArray();
        Assert.All(codes, code => Assert.NotEmpty(CodeDictionary.Get(code).Fix.Zh));
        Assert.Equal(codes, codes.Distinct().Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_domain_knows_neither_database_nor_broker_nor_clock()
    {
        string[] forbidden = ["Npgsql", "MassTransit", "RabbitMQ", "Microsoft.Extensions", "Microsoft.AspNetCore", "System.TimeProvider"];
        var domain = typeof(ClearanceRules).Assembly.GetTypes().Where(type => type.Namespace == typeof(ClearanceRules).Namespace);
        var used = domain.SelectMany(type => type.GetMembers(
                System.Reflection.BindingFlags.Instance | System.Reflection.BindingFlags.Static
                | System.Reflection.BindingFlags.Public | System.Reflection.BindingFlags.NonPublic))
            .SelectMany(member => member switch
            {
                System.Reflection.FieldInfo field => [field.FieldType],
                System.Reflection.MethodBase method => method.GetParameters().Select(one => one.ParameterType),
                _ => Enumerable.Empty<Type>(),
            })
            .Select(type => type.FullName ?? type.Name).Distinct();
        Assert.DoesNotContain(used, name => forbidden.Any(name.Contains));
    }

    private static Clearance Judge(
        ConsignmentState state, IReadOnlyList<Discrepancy>? discrepancies = null, IReadOnlyList<Risk>? risks = null) =>
        new Clearance { Key = new("P", "O") }.Judge(Samples.Verdict(1, state, discrepancies, risks))!;
}
