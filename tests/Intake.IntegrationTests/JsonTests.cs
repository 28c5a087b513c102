using System.Diagnostics;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Sandan.Contracts;
using Sandan.Contracts.Ceb;
using Sandan.IntegrationTests;
using Sandan.Shared.Security;

namespace Sandan.Intake.IntegrationTests;

/// <summary>Documents as JSON: one, many, repeated, changed, withdrawn, drafted, wrong.</summary>
public sealed class JsonTests(IntakeInstallation intake) : IClassFixture<IntakeInstallation>
{
    [ServersFact]
    public async Task A_new_order_is_created_and_its_repeat_exists()
    {
        var order = Make.Order("J-NEW").ToJsonString();
        using var first = await intake.PostAsync(order);
        using var again = await intake.PostAsync(order);

        Assert.Equal("201 created", await first.OutcomeAsync());
        Assert.Equal("200 exists", await again.OutcomeAsync());
        Assert.Equal((string)(await first.JsonAsync())["id"]!, (string)(await again.JsonAsync())["id"]!);
        Assert.Equal(1, (int)(await again.JsonAsync())["version"]!);
        Assert.Equal(1, await intake.VersionsOfAsync("J-NEW"));
    }

    [ServersFact]
    public async Task A_number_goes_through_its_life()
    {
        var order = Make.Order("J-LIFE");
        async Task<string> SendAsync(string type, string time, double paid, string status = "2")
        {
            using var answer = await intake.PostAsync(order.With("appType", type).With("appTime", time).With("acturalPaid", paid)
                .With("appStatus", status).ToJsonString());
            var said = await answer.JsonAsync();
            return $"{(int)answer.StatusCode} {(string?)said["outcome"] ?? (string?)said["code"]}";
        }

        Assert.Equal("422 S2008", await SendAsync("2", "20261120120000", 1));         // nothing to change
        Assert.Equal("201 drafted", await SendAsync("1", "20261120120000", 1, "1"));
        Assert.Equal("201 created", await SendAsync("1", "20261120120100", 1));
        Assert.Equal("409 -301010", await SendAsync("1", "20261120120200", 2));       // exists with other content
        Assert.Equal("409 -301014", await SendAsync("2", "20261120120100", 2));       // no newer than what is stored
        Assert.Equal("201 changed", await SendAsync("2", "20261120120200", 2));
        Assert.Equal("200 exists", await SendAsync("2", "20261120120200", 2));
        Assert.Equal("200 exists", await SendAsync("1", "20261120120100", 1));        // a late repeat
        Assert.Equal("201 drafted", await SendAsync("2", "20261120120300", 3, "1"));
        Assert.Equal("200 deleted", await SendAsync("3", "20261120120400", 2));
        Assert.Equal("200 exists", await SendAsync("3", "20261120120400", 2));
        Assert.Equal("409 -301014", await SendAsync("1", "20261120120400", 2));
        Assert.Equal("201 created", await SendAsync("1", "20261120120500", 4));

        await intake.AllToldAsync();
        var told = intake.OrdersTold.Where(one => one.OrderNo == "J-LIFE").ToArray();
        Assert.Equal([(2, 1m, false), (3, 2m, false), (5, 2m, true), (6, 4m, false)],
            told.Select(one => (one.Document.Version, one.ActualPaid, one.Document.Deleted)));
    }

    [ServersFact]
    public async Task Of_a_draft_nobody_is_told_nor_of_its_end()
    {
        var draft = Make.Order("J-DRAFT").With("appStatus", "1");
        using var drafted = await intake.PostAsync(draft.ToJsonString());
        using var deleted = await intake.PostAsync(
            draft.With("appType", "3").With("appStatus", "2").With("appTime", "20261120120001").ToJsonString());
        using var last = await intake.PostAsync(Make.Order("J-DRAFT-LAST").ToJsonString());

        Assert.Equal(("201 drafted", "200 deleted"), (await drafted.OutcomeAsync(), await deleted.OutcomeAsync()));
        await Eventually.BecomesAsync("the order after it is told", () => intake.OrdersTold.Any(one => one.OrderNo == "J-DRAFT-LAST"));
        Assert.DoesNotContain(intake.OrdersTold, one => one.OrderNo == "J-DRAFT");
    }

    [ServersFact]
    public async Task An_order_that_breaks_rules_is_told_all_of_them_in_the_readers_language()
    {
        var wrong = Make.Order("J-WRONG").With("currency", "502").With("buyerIdNumber", "11010519491231002A");
        using var english = await intake.PostAsync(wrong.ToJsonString());
        using var chinese = await intake.PostAsync(wrong.ToJsonString(), language: "zh-CN");

        Assert.Equal("422 S2008", await english.CodeAsync());
        Assert.Equal("application/problem+json", english.Content.Headers.ContentType!.MediaType);
        var errors = (await english.JsonAsync())["errors"]!.AsArray();
        Assert.Equal(["/currency", "/buyerIdNumber"], errors.Select(one => (string)one!["pointer"]!));
        Assert.DoesNotContain("11010519491231002A", errors.ToJsonString(), StringComparison.Ordinal);
        Assert.NotEqual((string)errors[0]!["text"]!, (string)(await chinese.JsonAsync())["errors"]![0]!["text"]!);
        Assert.Equal(0, await intake.VersionsOfAsync("J-WRONG"));
    }

    [ServersFact]
    public async Task An_order_of_another_company_that_also_breaks_rules_is_told_both()
    {
        using var answer = await intake.PostAsync(Make.Order("J-BOTH").With("currency", "502").With("ebpCode", "1111111111").ToJsonString());

        using var unreadable = await intake.PostAsync(Make.Order("J-BOTH").With("ebpCode", new string('1', 1_000)).ToJsonString());

        Assert.Equal(["/currency S1011", "/ebpCode S3001"], await FaultsAsync(answer));
        Assert.Equal(["/ebpCode S1003"], await FaultsAsync(unreadable)); // one error, and not a thousand characters again

        static async Task<IEnumerable<string>> FaultsAsync(HttpResponseMessage answer) =>
            (await answer.JsonAsync())["errors"]!.AsArray().Select(one => $"{one!["pointer"]} {one["code"]}");
    }

    [ServersFact]
    public async Task A_trial_takes_an_invented_identity_number_and_warns_but_tells_it_among_the_faults_of_a_refused_order()
    {
        var trial = await intake.StartAsync(Sandan.Order.Program.Build, "--Intake:IdNumberCheck=Warn");
        var invented = Make.Order("J-WARN").With("buyerIdNumber", "11010519491231002A");
        using var one = await intake.PostAsync(invented.ToJsonString(), service: trial);
        using var many = await intake.PostAsync($"[{invented.ToJsonString()},{Make.Order("J-WARN-2").ToJsonString()}]", service: trial);
        using var xml = await intake.PostAsync(
            Make.Xml(CebMessage.Order, Make.Order("J-WARN-4").With("buyerIdNumber", "11010519491231002A")), "application/xml", path: "/v1/ceb/CEB311", service: trial);
        using var refused = await intake.PostAsync(
            Make.Order("J-WARN-3").With("buyerIdNumber", "11010519491231002A").With("currency", "502").ToJsonString(), service: trial);

        Assert.Equal("201 created", await one.OutcomeAsync());
        Assert.Equal("S1014", (string)Assert.Single((await one.JsonAsync())["warnings"]!.AsArray())!["code"]!);
        var results = JsonNode.Parse(await many.Content.ReadAsStringAsync())!.AsArray();
        Assert.Equal(["exists", "created"], results.Select(result => (string)result!["outcome"]!));
        Assert.Equal("S1014", (string)results[0]!["warnings"]![0]!["code"]!);
        Assert.Null(results[1]!["warnings"]);
        Assert.Contains("<returnStatus>2</returnStatus>", await xml.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Contains("提示: [S1014]", await xml.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(
            ["S1011", "S1014"], (await refused.JsonAsync())["errors"]!.AsArray().Select(error => (string)error!["code"]!));
    }

    [ServersTheory]
    [InlineData("", "application/json")]
    [InlineData("  \n", "application/json")]
    [InlineData("{", "application/json")]
    [InlineData("{}{}", "application/json")]
    [InlineData("[]", "application/json")]
    [InlineData("\"order\"", "application/json")]
    [InlineData("17", "application/json")]
    [InlineData("null", "application/json")]
    [InlineData("\uFEFF", "application/json")]
    [InlineData("", "application/x-ndjson")]
    [InlineData("\n\r\n \n", "application/x-ndjson")]
    public async Task What_is_no_document_is_a_bad_request(string body, string type)
    {
        using var answer = await intake.PostAsync(body, type);

        Assert.Equal("400 S2017", await answer.CodeAsync());
        Assert.NotEmpty((await answer.JsonAsync())["errors"]!.AsArray());
    }

    [ServersTheory]
    [InlineData("text/plain")]
    [InlineData("application/xml")]
    [InlineData("application/jsonl")]
    public async Task Another_media_type_is_refused(string type)
    {
        using var answer = await intake.PostAsync(Make.Order("J-415").ToJsonString(), type);
        Assert.Equal("415 S2006", await answer.CodeAsync());
    }

    [ServersFact]
    public async Task A_compressed_body_is_refused_and_a_missing_type_is_json()
    {
        using var compressed = await intake.SendAsync(
            intake.Order, HttpMethod.Post, "/v1/orders", Make.Platform, Roles.Platform,
            new StringContent("{}", Encoding.UTF8, "application/json") { Headers = { ContentEncoding = { "gzip" } } });
        using var untyped = await intake.PostAsync(Encoding.UTF8.GetBytes(Make.Order("J-UNTYPED").ToJsonString()), type: null);

        Assert.Equal("415 S2006", await compressed.CodeAsync());
        Assert.Equal("201 created", await untyped.OutcomeAsync());
    }

    [ServersFact]
    public async Task A_byte_order_mark_does_no_harm()
    {
        using var one = await intake.PostAsync("\uFEFF" + Make.Order("J-BOM-1").ToJsonString());
        using var many = await intake.PostAsync("\uFEFF[" + Make.Order("J-BOM-2").ToJsonString() + "]");
        using var lines = await intake.PostAsync("\uFEFF" + Make.Order("J-BOM-3").ToJsonString() + "\n", "application/x-ndjson");

        Assert.Equal("201 created", await one.OutcomeAsync());
        Assert.Equal(["created"], await OutcomesAsync(many));
        Assert.Equal("created", (string)JsonNode.Parse((await lines.Content.ReadAsStringAsync()).Trim())!["outcome"]!);
    }

    [ServersFact]
    public async Task Another_company_and_another_role_are_refused()
    {
        using var other = await intake.PostAsync(Make.Order("J-OTHER").ToJsonString(), company: "PLATFORM-2");
        using var seller = await intake.PostAsync(Make.Order("J-SELLER").ToJsonString(), company: Make.Seller, role: Roles.Seller);
        using var notTheSeller = await intake.PostAsync(Make.Order("J-OTHER").ToJsonString(), company: Make.Platform, role: Roles.Seller);
        using var role = await intake.PostAsync(Make.Order("J-OTHER").ToJsonString(), role: Roles.Logistics);

        Assert.Equal("422 S2008", await other.CodeAsync());
        Assert.Equal("S3001", (string)(await other.JsonAsync())["errors"]![0]!["code"]!);
        Assert.Equal("201 created", await seller.OutcomeAsync());
        Assert.Equal("422 S2008", await notTheSeller.CodeAsync());
        Assert.Equal("403 S2003", await role.CodeAsync());
        Assert.Equal(0, await intake.VersionsOfAsync("J-OTHER"));
    }

    [ServersFact]
    public async Task Two_spellings_of_a_companys_code_are_one_company()
    {
        using var upper = await intake.PostAsync(Make.Order("J-CASE").ToJsonString());
        using var lower = await intake.PostAsync(Make.Order("J-CASE").With("ebpCode", Make.Platform.ToLowerInvariant())
            .With("appType", "2").With("appTime", "20261120120001").ToJsonString());

        Assert.Equal("201 changed", await lower.OutcomeAsync());
        Assert.Equal(2, await intake.VersionsOfAsync("J-CASE"));
        await Eventually.BecomesAsync("both are told", () => intake.OrdersTold.Count(one => one.OrderNo == "J-CASE") == 2);
        Assert.All(intake.OrdersTold.Where(one => one.OrderNo == "J-CASE"), one => Assert.Equal(Make.Platform, one.PlatformCode));
    }

    [ServersFact]
    public async Task An_array_is_answered_item_by_item_in_order()
    {
        JsonNode[] items =
        [
            Make.Order("J-ARR-1"), Make.Order("J-ARR-2").With("currency", "502"), Make.Order("J-ARR-1"), 17, Make.Order("J-ARR-3"),
            Make.Order("J-ARR-1").With("acturalPaid", 1),
        ];
        using var answer = await intake.PostAsync(new JsonArray(items).ToJsonString());

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(["created", "rejected", "exists", "rejected", "created", "conflict"], await OutcomesAsync(answer));
        Assert.Equal([0, 1, 2, 3, 4, 5], (await answer.JsonAsync()).AsArray().Select(one => (int)one!["index"]!));
        Assert.Equal(1, await intake.VersionsOfAsync("J-ARR-1"));
    }

    [ServersFact]
    public async Task A_syntax_error_ends_an_array_and_what_stood_before_it_is_stored()
    {
        using var answer = await intake.PostAsync(
            $"[{Make.Order("J-SYN-1").ToJsonString()},{{\"orderNo\":}},{Make.Order("J-SYN-2").ToJsonString()}]");

        Assert.Equal(["created", "rejected"], await OutcomesAsync(answer));
        Assert.Equal((1, 0), (await intake.VersionsOfAsync("J-SYN-1"), await intake.VersionsOfAsync("J-SYN-2")));
    }

    [ServersFact]
    public async Task Lines_are_answered_in_lines_and_a_bad_one_harms_no_neighbour()
    {
        var huge = Make.Order("J-HUGE").With("note", new string('长', 200_000)).ToJsonString();
        string[] lines =
        [
            Make.Order("J-ND-1").ToJsonString(), "{\"orderNo\":", "", Make.Order("J-ND-2").ToJsonString() + "\r", "[]",
            Make.Order("J-ND-3").With("qty", 1).ToJsonString(), huge, Make.Order("J-ND-4").ToJsonString(),
        ];
        using var answer = await intake.PostAsync(string.Join('\n', lines), "application/x-ndjson; charset=utf-8");

        Assert.Equal("application/x-ndjson", answer.Content.Headers.ContentType!.MediaType);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.EndsWith("\n", text, StringComparison.Ordinal);
        var results = text.TrimEnd('\n').Split('\n').Select(one => JsonNode.Parse(one)!).ToArray();
        Assert.Equal(
            ["created", "rejected", "created", "rejected", "rejected", "rejected", "created"], results.Select(one => (string)one["outcome"]!));
        Assert.Equal(Enumerable.Range(0, 7), results.Select(one => (int)one["index"]!));
    }

    [ServersFact]
    public async Task Too_many_documents_are_refused_as_a_whole()
    {
        using var answer = await intake.PostAsync(
            string.Concat(Enumerable.Repeat(Make.Order("J-MANY").ToJsonString() + "\n", 5_001)), "application/x-ndjson");

        Assert.Equal("413 S2019", await answer.CodeAsync());
        Assert.Equal(0, await intake.VersionsOfAsync("J-MANY"));
    }

    [ServersFact]
    public async Task A_thousand_orders_are_told_in_order_in_events_that_the_broker_takes()
    {
        var numbers = Enumerable.Range(0, 1_200).Select(at => $"J-BULK-{at:D4}").ToArray();
        using var answer = await intake.PostAsync(
            string.Join('\n', numbers.Select(no => Make.Order(no).ToJsonString())), "application/x-ndjson");
        Assert.Equal(1_200, (await answer.Content.ReadAsStringAsync()).Split("\"created\"").Length - 1);

        await Eventually.BecomesAsync(
            "all are told", () => intake.OrdersTold.Count(one => one.OrderNo.StartsWith("J-BULK-", StringComparison.Ordinal)) == 1_200);
        Assert.Equal(numbers, intake.OrdersTold.Select(one => one.OrderNo).Where(no => no.StartsWith("J-BULK-", StringComparison.Ordinal)));
        Assert.All(intake.Orders.Events, one => Assert.InRange(one.Orders.Count, 1, 500));
        Assert.All(intake.Orders.Messages, one => Assert.InRange(one.Body.Length, 1, 16 * 1024 * 1024));
    }

    [ServersFact]
    public async Task The_same_order_a_hundred_times_at_once_is_one_version()
    {
        var order = Make.Order("J-100").ToJsonString();

        var answers = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => intake.PostAsync(order)));

        var outcomes = await Task.WhenAll(answers.Select(one => one.OutcomeAsync()));
        Assert.Equal((1, 99), (outcomes.Count(one => one == "201 created"), outcomes.Count(one => one == "200 exists")));
        Assert.Equal(1, await intake.VersionsOfAsync("J-100"));
    }

    [ServersFact]
    public async Task Two_services_on_one_database_take_one_order_once_between_them()
    {
        var second = await intake.StartAsync(Sandan.Order.Program.Build);
        var numbers = Enumerable.Range(0, 40).Select(at => $"J-RACE-{at}").ToArray();

        // Opposite orders of the same numbers: two transactions that would wait for each other, were they not sorted.
        var answers = await Task.WhenAll(Enumerable.Range(0, 30).Select(SendAsync));

        Assert.All(answers, one => Assert.True(one.StatusCode is HttpStatusCode.OK or HttpStatusCode.UnprocessableEntity, $"{one.StatusCode}"));
        var outcomes = (await Task.WhenAll(answers.Where(one => one.StatusCode == HttpStatusCode.OK && !one.Headers.Contains("Idempotency-Replayed"))
            .Select(OutcomesAsync))).SelectMany(one => one).ToArray();
        Assert.Equal(40, outcomes.Count(one => one == "created"));
        Assert.All(outcomes, one => Assert.True(one is "created" or "exists", one));
        Assert.Equal(40, await intake.OrderDatabase.CountAsync("SELECT count(*) FROM document WHERE key LIKE '%J-RACE-%'"));

        // So much at once may be told to wait, on a slow machine; then it comes again, as from any sender.
        async Task<HttpResponseMessage> SendAsync(int at)
        {
            while (true)
            {
                var answer = await intake.PostAsync(
                    new JsonArray([.. (at % 2 == 0 ? numbers : numbers.Reverse()).Select(no => Make.Order(no))]).ToJsonString(),
                    idempotencyKey: at % 3 == 0 ? $"race-{at / 6}" : null,
                    service: at % 2 == 0 ? intake.Order : second);
                if (answer.StatusCode != HttpStatusCode.TooManyRequests)
                {
                    return answer;
                }

                await Task.Delay(answer.Headers.RetryAfter!.Delta!.Value);
                answer.Dispose();
            }
        }
    }

    [ServersFact]
    public async Task Events_carry_what_was_sent_and_equal_persons_have_equal_hashes()
    {
        using var order = await intake.PostAsync(Make.Order("J-EVENT").With("buyerName", "Ｌi  Ming").With("buyerIdNumber", "11010519491231002x")
            .With("consigneeTelephone", "+86 139-8765-4321").With("consigneeAddress", "浙江省 杭州市西湖区文三路９０号").ToJsonString());
        using var payment = await intake.PostPaymentAsync(Make.Payment("J-EVENT").With("payerName", "LI MING"));
        using var waybill = await intake.PostWaybillAsync(Make.Waybill("J-EVENT").With("consigneeTelephone", "１３９８７６５４３２１")
            .With("consigneeAddress", "浙江省杭州市西湖区文三路90号").With("platformCode", Make.Platform.ToLowerInvariant()));
        using var status = await intake.PostStatusAsync(Make.Status("J-EVENT"));
        Assert.Equal(
            ["201 created", "201 created", "201 created", "201 created"],
            await Task.WhenAll(new[] { order, payment, waybill, status }.Select(one => one.OutcomeAsync())));
        await Eventually.BecomesAsync("all four are told", () => intake.OrdersTold.Any(one => one.OrderNo == "J-EVENT")
            && intake.Payments.Events.Any() && intake.Waybills.Events.Any() && intake.Statuses.Events.Any());

        var ordered = intake.OrdersTold.Single(one => one.OrderNo == "J-EVENT");
        var paid = intake.Payments.Events.SelectMany(one => one.Payments).Single(one => one.OrderNo == "J-EVENT");
        var shipped = intake.Waybills.Events.SelectMany(one => one.Waybills).Single(one => one.OrderNo == "J-EVENT");
        var delivered = intake.Statuses.Events.SelectMany(one => one.Statuses).Single(one => one.WaybillNo == "W-J-EVENT");
        Assert.Equal((100.5m, 8.5m, 0m, 9.14555m, 118.14555m, "142"),
            (ordered.GoodsValue, ordered.Freight, ordered.Discount, ordered.TaxTotal, ordered.ActualPaid, ordered.Currency));
        Assert.Equal((SupervisionMode.B2CBonded, Make.Bank, "P-J-EVENT", Make.Seller),
            (ordered.Mode, ordered.PaymentCompanyCode, ordered.PaymentNo, ordered.SellerCode));
        Assert.Equal((1, "SKU-1", 1m, 100.5m), (ordered.Items[0].LineNo, ordered.Items[0].ItemNo, ordered.Items[0].Quantity, ordered.Items[0].TotalPrice));
        Assert.Equal(new DateTimeOffset(2026, 11, 20, 4, 0, 0, TimeSpan.Zero), ordered.Document.AppTime);
        Assert.True(ordered.Document.AppTimeStated);
        Assert.Equal((118.14555m, new DateTimeOffset(2026, 11, 20, 3, 59, 0, TimeSpan.Zero)), (paid.AmountPaid, paid.PaidAt));
        Assert.Equal((1.2m, 8.5m, 0.25m, Make.Platform), (shipped.GrossWeightKg, shipped.Freight, shipped.InsuredFee, shipped.PlatformCode));
        Assert.Equal((Make.Carrier, "S"), (delivered.LogisticsCompanyCode, delivered.Status));

        Assert.Equal(ordered.BuyerName.Index, paid.PayerName.Index);
        Assert.Equal(ordered.BuyerId.Index, paid.PayerId.Index);
        Assert.Equal(ordered.Consignee.Index, shipped.Consignee.Index);
        Assert.Equal(ordered.ConsigneeTelephone.Index, shipped.ConsigneeTelephone.Index);
        Assert.Equal(ordered.ConsigneeAddress.Index, shipped.ConsigneeAddress.Index);
        Assert.NotEqual(ordered.BuyerName.Index, ordered.Consignee.Index);
        Assert.Equal("李***", ordered.Consignee.Mask);
        Assert.Equal("110********002X", paid.PayerId.Mask);
    }

    [ServersFact]
    public async Task Every_answer_names_the_trace_of_its_own_request()
    {
        using var listener = new ActivityListener
        {
            ShouldListenTo = _ => true,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
        };
        ActivitySource.AddActivityListener(listener);

        await Task.WhenAll(Enumerable.Range(0, 40).Select(async at =>
        {
            var trace = ActivityTraceId.CreateRandom();
            using var answer = await intake.SendAsync(
                intake.Order, HttpMethod.Post, "/v1/orders", Make.Platform, Roles.Platform,
                new StringContent(Make.Order($"J-TRACE-{at / 2}").With("acturalPaid", at).ToJsonString(), Encoding.UTF8, "application/json"),
                request => request.Headers.Add("traceparent", $"00-{trace}-{ActivitySpanId.CreateRandom()}-01"));
            Assert.Equal(trace.ToString(), (string)(await answer.JsonAsync())["traceId"]!);
        }));
    }

    private static async Task<string[]> OutcomesAsync(HttpResponseMessage answer) =>
        [.. (await answer.JsonAsync()).AsArray().Select(one => (string)one!["outcome"]!)];
}
