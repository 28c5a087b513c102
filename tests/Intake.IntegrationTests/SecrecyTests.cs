using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Sandan.Contracts.Ceb;
using Sandan.Intake.Storage;
using Sandan.IntegrationTests;
using Sandan.Shared.Security;

namespace Sandan.Intake.IntegrationTests;

/// <summary>What is personal is readable to its sender and to nobody else.</summary>
public sealed class SecrecyTests(IntakeInstallation intake) : IClassFixture<IntakeInstallation>
{
    private static readonly string[] PersonalValues =
    [
        "王小明明", "11010519491231002X", "11010519491231002A", "13812345678", "wangxm-login", "李四光辉", "13987654321",
        "浙江省杭州市西湖区文三路九十号", "文三路九十号", "门口密码六七八九",
    ];

    [ServersFact]
    public async Task The_stored_body_opens_to_the_exact_bytes_that_were_sent()
    {
        var order = "{ \"note\" : \"é 甲\", " + Make.Order("S-BYTES").ToJsonString().Replace("\"note\":", "\"batchNumbers\":", StringComparison.Ordinal)[1..];
        using var one = await intake.PostAsync(order);
        Assert.Equal("201 created", await one.OutcomeAsync());
        using var lines = await intake.PostAsync($"\n  {Make.Order("S-LINE").ToJsonString()}\r\n", "application/x-ndjson");

        var key = intake.Order.Services.GetRequiredService<DataKeys>().Of(TimeProvider.System.GetUtcNow());
        foreach (var (number, sent) in new[] { ("S-BYTES", order), ("S-LINE", Make.Order("S-LINE").ToJsonString()) })
        {
            var stored = await intake.OrderDatabase.ListAsync(
                "SELECT d.id || ' ' || b.id || ' ' || encode(b.sealed, 'hex') FROM document d JOIN document_block b ON b.id = d.block WHERE d.key LIKE '%' || $1",
                number);
            var parts = stored.Single().Split(' ');
            var (id, block, body) = (Guid.Parse(parts[0]), Guid.Parse(parts[1]), Convert.FromHexString(parts[2]));
            var opened = Encoding.UTF8.GetString(BodyBlocks.Find(key.Decrypt(body, block), id)).Trim();
            Assert.Equal(WithoutGuid(sent), WithoutGuid(opened));
            Assert.Throws<System.Security.Cryptography.AuthenticationTagMismatchException>(() => key.Decrypt(body, Guid.Empty));
        }

        // The guid of the second is made anew for each document; all else must be the same, letter by letter.
        static string WithoutGuid(string text) => System.Text.RegularExpressions.Regex.Replace(text, "\"guid\":\"[^\"]*\"", "");
    }

    [ServersFact]
    public async Task The_data_key_lies_wrapped_and_another_master_key_opens_nothing()
    {
        var replica = await intake.StartAsync(Sandan.Order.Program.Build);
        var key = replica.Services.GetRequiredService<DataKeys>().Of(TimeProvider.System.GetUtcNow());
        var id = Guid.CreateVersion7();
        var first = intake.Order.Services.GetRequiredService<DataKeys>().Of(TimeProvider.System.GetUtcNow());
        Assert.Equal("text", Encoding.UTF8.GetString(key.Decrypt(first.Encrypt("text"u8, id), id)));   // one for all replicas

        var other = await Assert.ThrowsAsync<InvalidOperationException>(() => intake.StartAsync(
            Sandan.Order.Program.Build, $"--SANDAN_MASTER_KEY={Convert.ToBase64String(new byte[32])}"));
        Assert.Contains("SANDAN_MASTER_KEY", other.Message, StringComparison.Ordinal);
        Assert.Equal(2, await intake.OrderDatabase.CountAsync("SELECT count(*) FROM data_key")); // this month's and the next one's
    }

    [ServersFact]
    public async Task No_personal_value_stands_in_clear_anywhere()
    {
        using var good = await intake.PostAsync(Make.Order("S-CLEAR").ToJsonString(), idempotencyKey: "secret-1");
        using var bad = await intake.PostAsync(
            Make.Order("S-CLEAR-2").With("buyerIdNumber", "11010519491231002A").With("currency", "1").ToJsonString(), idempotencyKey: "secret-2");
        using var unreadable = await intake.PostAsync(
            $"[{Make.Order("S-CLEAR-3").With("consigneeAddress", new string('号', 201)).ToJsonString()},{{\"buyerName\":\"王小明明", idempotencyKey: "secret-3");
        using var xml = await intake.PostAsync(
            Make.Xml(CebMessage.Order, Make.Order("S-CLEAR-4"), Make.Order("S-CLEAR-5").With("buyerIdNumber", "11010519491231002A")),
            "application/xml", path: "/v1/ceb/CEB311", idempotencyKey: "secret-4");
        using var broken = await intake.PostAsync(
            Make.Xml(CebMessage.Order, Make.Order("S-CLEAR-6"))[..^9], "application/xml", path: "/v1/ceb/CEB311");
        using var paid = await intake.PostPaymentAsync(Make.Payment("S-CLEAR"));
        using var shipped = await intake.PostWaybillAsync(Make.Waybill("S-CLEAR"));
        using var revealed = await intake.SendAsync(
            intake.Order, HttpMethod.Post, "/v1/orders/reveal", "3300000001", Roles.Customs,
            JsonContent.Create(new JsonObject { ["ebpCode"] = Make.Platform, ["orderNo"] = "S-CLEAR", ["reason"] = "核查" }));
        Assert.Equal(
            [201, 422, 200, 200, 400, 201, 201, 200], new[] { good, bad, unreadable, xml, broken, paid, shipped, revealed }.Select(one => (int)one.StatusCode));
        await Eventually.BecomesAsync("all are told", () => intake.OrdersTold.Count(one => one.OrderNo.StartsWith("S-CLEAR", StringComparison.Ordinal)) >= 2
            && intake.Payments.Events.Any() && intake.Waybills.Events.Any());

        var told = string.Concat(intake.Orders.Messages.Select(one => Encoding.UTF8.GetString(one.Body))
            .Concat(intake.Payments.Messages.Select(one => Encoding.UTF8.GetString(one.Body)))
            .Concat(intake.Waybills.Messages.Select(one => Encoding.UTF8.GetString(one.Body))));
        foreach (var spelling in PersonalValues.SelectMany(Spellings))
        {
            Assert.DoesNotContain(spelling, told, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain(spelling, intake.Log.Text, StringComparison.OrdinalIgnoreCase);
            foreach (var service in new[] { "order", "payment", "waybill" })
            {
                await using var database = intake.DatabaseOf(service);
                foreach (var table in await database.ListAsync(
                    "SELECT format('%I.%I', table_schema, table_name) FROM information_schema.tables WHERE table_schema IN ('public', 'audit') AND table_type = 'BASE TABLE'"))
                {
                    var hex = Convert.ToHexStringLower(Encoding.UTF8.GetBytes(spelling));
                    Assert.True(
                        await database.CountAsync(
                            $"SELECT count(*) FROM {table} AS t WHERE strpos(t::text, $1) > 0 OR strpos(t::text, $2) > 0", spelling, hex) == 0,
                        $"{spelling} stands in {service}.{table}");
                }
            }
        }
    }

    /// <summary>As it is, and as JSON escapes it.</summary>
    private static IEnumerable<string> Spellings(string value)
    {
        yield return value;
        if (value.Any(letter => letter > 127))
        {
            yield return string.Concat(value.Select(letter => $"\\u{(int)letter:X4}"));
        }
    }
}
