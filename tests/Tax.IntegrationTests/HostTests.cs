using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Sandan.Contracts.Codes;
using Sandan.Contracts.Events;
using static Sandan.Tax.IntegrationTests.Given;

namespace Sandan.Tax.IntegrationTests;

/// <summary>What the service answers, how it is configured, what it counts.</summary>
[Collection(TaxBenchDefinition.Name)]
public sealed class HostTests(TaxBench bench)
{
    private readonly string order = New("order");
    private readonly string person = New("person");
    private readonly string item = New("item");

    [Fact]
    public async Task The_tax_is_answered_with_its_lines()
    {
        await bench.WorkInAsync(Filed(item, SkinCare, 1, "035", 0.02m));
        await bench.WorkInAsync(Matched(order, person, item, 425));

        using var response = await bench.GetAsync(Platform, order, "4601", "customs", "zh-CN");
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var text = await response.Content.ReadAsStringAsync();
        using var json = JsonDocument.Parse(text);
        var tax = json.RootElement;
        Assert.Equal(
            (Platform, order, 1, 1, "Preferential", "142", false, "2022-03-01"),
            (tax.GetProperty("ebpCode").GetString(), tax.GetProperty("orderNo").GetString(),
             tax.GetProperty("revision").GetInt32(), tax.GetProperty("attempt").GetInt32(),
             tax.GetProperty("route").GetString(), tax.GetProperty("currency").GetString(),
             tax.GetProperty("cancelled").GetBoolean(), tax.GetProperty("positiveList").GetString()));
        Assert.Equal(
            ("425", "0", "45.5", "52.5", "98"),
            (tax.GetProperty("dutiableValue").GetRawText(), tax.GetProperty("tariff").GetRawText(),
             tax.GetProperty("vat").GetRawText(), tax.GetProperty("consumptionTax").GetRawText(),
             tax.GetProperty("total").GetRawText()));
        Assert.Equal(SkinCare, tax.GetProperty("lines")[0].GetProperty("hsCode").GetString());
        Assert.Equal(0, tax.GetProperty("reasons").GetArrayLength());
        var note = tax.GetProperty("notes")[0];
        Assert.Equal(
            (TaxCodes.ThresholdReached, CodeDictionary.Get(TaxCodes.ThresholdReached).Text.Zh, 1, ">= 10000", "21250"),
            (note.GetProperty("code").GetString(), note.GetProperty("text").GetString(), note.GetProperty("line").GetInt32(),
             note.GetProperty("expected").GetString(), note.GetProperty("actual").GetString()));
        Assert.DoesNotContain(person, text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reasons_are_told_in_the_language_of_the_reader()
    {
        await bench.WorkInAsync(Matched(order, person, item, 300));

        using var response = await bench.GetAsync(Platform, order, "4601", "operator");
        using var json = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        var (reason, entry) = (json.RootElement.GetProperty("reasons")[0], CodeDictionary.Get(TaxCodes.GoodsNotFiled));
        Assert.Equal(
            (entry.Code, entry.Text.En, entry.Cause.En, entry.Fix.En, 1, item),
            (reason.GetProperty("code").GetString(), reason.GetProperty("text").GetString(),
             reason.GetProperty("cause").GetString(), reason.GetProperty("fix").GetString(),
             reason.GetProperty("line").GetInt32(), reason.GetProperty("actual").GetString()));
    }

    [Fact]
    public async Task The_annual_limit_is_explained_by_its_official_number()
    {
        await bench.WorkInAsync(Filed(item));
        await bench.WorkInAsync(Matched(order, person, item, 26_000.01m));

        using var response = await bench.GetAsync(Platform, order, Platform, "platform");
        using var json = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        var reason = json.RootElement.GetProperty("reasons")[0];
        Assert.Equal(
            ("GeneralTrade", "1313", "26,000", "26,000.01", false),
            (json.RootElement.GetProperty("route").GetString(), reason.GetProperty("code").GetString(),
             reason.GetProperty("expected").GetString(), reason.GetProperty("actual").GetString(),
             reason.TryGetProperty("line", out _)));
    }

    [Theory]
    [InlineData("4601", "customs", HttpStatusCode.OK)]
    [InlineData("ZONE", "operator", HttpStatusCode.OK)]
    [InlineData(Platform, "platform", HttpStatusCode.OK)]
    [InlineData(Seller, "seller", HttpStatusCode.OK)]
    [InlineData("3301960XXX", "platform", HttpStatusCode.NotFound)]
    [InlineData("3301960XXX", "seller", HttpStatusCode.NotFound)]
    [InlineData(Seller, "platform", HttpStatusCode.NotFound)]
    [InlineData(Platform, "seller", HttpStatusCode.NotFound)]
    [InlineData(Platform, "logistics", HttpStatusCode.NotFound)]
    [InlineData(Platform, "payment", HttpStatusCode.NotFound)]
    public async Task Only_its_parties_see_a_tax(string company, string role, HttpStatusCode status)
    {
        await bench.WorkInAsync(Matched(order, person, item, 300));

        using var response = await bench.GetAsync(Platform, order, company, role);
        Assert.Equal(status, response.StatusCode);
        if (status == HttpStatusCode.NotFound)
        {
            Assert.Equal("application/problem+json", response.Content.Headers.ContentType!.MediaType);
            Assert.Contains(RequestCodes.NotFound, await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task What_was_never_assessed_is_not_found_and_nobody_asks_without_a_name()
    {
        await bench.WorkInAsync(Judged(order, 1, ConsignmentState.Mismatched));

        using var none = await bench.GetAsync(Platform, order, "4601", "customs");
        Assert.Equal(HttpStatusCode.NotFound, none.StatusCode);
        using var unnamed = await bench.Http.GetAsync(new Uri($"/v1/taxes/{Platform}/{order}", UriKind.Relative));
        Assert.Equal(HttpStatusCode.Unauthorized, unnamed.StatusCode);
    }

    [Fact]
    public async Task A_cancelled_assessment_is_shown_as_such()
    {
        await bench.WorkInAsync(Filed(item));
        await bench.WorkInAsync(Matched(order, person, item, 300));
        await bench.WorkInAsync(Judged(order, 2, ConsignmentState.Waiting));

        using var response = await bench.GetAsync(Platform, order, Seller, "seller");
        using var json = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        Assert.Equal(
            (1, true), (json.RootElement.GetProperty("revision").GetInt32(), json.RootElement.GetProperty("cancelled").GetBoolean()));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_released_assessment_is_shown_as_such(bool released)
    {
        await bench.WorkInAsync(Filed(item));
        await bench.WorkInAsync(Matched(order, person, item, 300));
        await bench.WorkInAsync(Decided(order, 1, 1, released ? 800 : 300));
        await bench.WorkInAsync(Judged(order, 2, ConsignmentState.Waiting));

        using var response = await bench.GetAsync(Platform, order, Seller, "seller");
        using var json = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        Assert.Equal(
            (released, !released),
            (json.RootElement.GetProperty("released").GetBoolean(), json.RootElement.GetProperty("cancelled").GetBoolean()));
    }

    [Fact]
    public async Task Assessments_are_counted_by_route()
    {
        await bench.WorkInAsync(Matched(order, person, item, 300));

        Assert.Contains(
            "sandan_tax_assessments_total{route=\"Held\"}",
            await bench.Http.GetStringAsync(new Uri("/metrics", UriKind.Relative)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Limits_that_contradict_each_other_keep_the_service_from_starting()
    {
        await using var host = bench.BuildHost(TimeProvider.System, "--Tax:SingleLimitCny=30000");

        var refused = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync());
        Assert.Contains(nameof(TaxOptions.SingleLimitCny), refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Options_come_from_the_section_Tax()
    {
        await using var host = bench.BuildHost(
            TimeProvider.System, "--Tax:AnnualLimitCny=9000", "--Tax:Rounding=PerTaxPerConsignment",
            "--Tax:AdditionalDutyOrigins=116");

        var options = host.Services.GetRequiredService<IOptions<TaxOptions>>().Value;
        Assert.Equal((9000, TaxRounding.PerTaxPerConsignment, 5000), (options.AnnualLimitCny, options.Rounding, options.SingleLimitCny));
        Assert.Equal("116", options.AdditionalDutyOrigins);
    }
}

/// <summary>What a new start of the service changes, and what a new year does.</summary>
public sealed class RestartTests : IAsyncLifetime
{
    private readonly TaxBench bench = new();

    public Task InitializeAsync() => bench.InitializeAsync();

    public Task DisposeAsync() => bench.DisposeAsync();

    [Fact]
    public async Task The_year_turns_at_midnight_in_Shanghai_and_a_booking_goes_back_to_its_own_year()
    {
        var (item, person, old) = (New("item"), New("person"), New("order"));
        await bench.WorkInAsync(Filed(item));
        await bench.StopFirstAsync();
        var host = await bench.StartHostAsync(new FixedTime(new(2026, 12, 31, 15, 59, 59, TimeSpan.Zero)));
        await bench.WorkInAsync(Matched(old, person, item, 300));
        await bench.StopHostAsync(host);
        await bench.StartHostAsync(new FixedTime(new(2026, 12, 31, 16, 0, 0, TimeSpan.Zero)));
        await bench.WorkInAsync(Matched(New("order"), person, item, 500));
        Assert.Equal((300, 500), (await bench.UsedAsync(person, 2026), await bench.UsedAsync(person, 2027)));

        await bench.WorkInAsync(Judged(old, 2, ConsignmentState.Mismatched));
        Assert.Equal((0, 500), (await bench.UsedAsync(person, 2026), await bench.UsedAsync(person, 2027)));
    }

    [Fact]
    public async Task What_is_held_is_assessed_again_at_the_start()
    {
        var (item, person, order) = (New("item"), New("person"), New("order"));
        await bench.WorkInAsync(Filed(item));
        await bench.StopFirstAsync();
        var host = await bench.StartHostAsync(TimeProvider.System, "--Tax:AdditionalDutyOrigins=116");
        await bench.WorkInAsync(Matched(order, person, item, 6000));
        Assert.Equal(TaxCodes.OriginUndecided, (await bench.ToldAsync(order))[0].Reasons[0].Code);
        await bench.StopHostAsync(host);

        await bench.StartHostAsync(TimeProvider.System);
        Assert.Equal((TaxRoute.FullRate, 2), ((await bench.ToldAsync(order, 2))[1].Route, (await bench.ToldAsync(order))[1].Attempt));
        Assert.Equal(6000, await bench.UsedAsync(person));
    }

    [Fact]
    public async Task What_was_released_is_booked_again_in_the_year_that_it_had()
    {
        var (item, person, order) = (New("item"), New("person"), New("order"));
        await bench.WorkInAsync(Filed(item));
        await bench.StopFirstAsync();
        var host = await bench.StartHostAsync(new FixedTime(new(2026, 12, 31, 15, 59, 59, TimeSpan.Zero)));
        await bench.WorkInAsync(Matched(order, person, item, 300));
        await bench.StopHostAsync(host);
        await bench.StartHostAsync(new FixedTime(new(2026, 12, 31, 16, 0, 0, TimeSpan.Zero)));
        await bench.WorkInAsync(Judged(order, 2, ConsignmentState.Mismatched));
        await bench.WorkInAsync(Decided(order, 1, 1, 800));

        Assert.Equal((300, 0), (await bench.UsedAsync(person, 2026), await bench.UsedAsync(person, 2027)));
    }

    [Fact]
    public async Task What_was_released_while_held_is_not_assessed_again_at_the_start()
    {
        var (item, person) = (New("item"), New("person"));
        var (order, other) = (New("order"), New("order"));
        await bench.WorkInAsync(Filed(item));
        await bench.StopFirstAsync();
        var host = await bench.StartHostAsync(TimeProvider.System, "--Tax:AdditionalDutyOrigins=116");
        await bench.WorkInAsync(Matched(order, person, item, 6000), Matched(other, person, item, 6000));
        await bench.WorkInAsync(Decided(order, 1, 1, 800));
        await bench.StopHostAsync(host);

        await bench.StartHostAsync(TimeProvider.System);
        await bench.ToldAsync(other, 2);
        Assert.Single(await bench.ToldAsync(order));
        Assert.Equal(("Held", 6000), (await bench.RouteAsync(order), await bench.UsedAsync(person)));
    }

    private sealed class FixedTime(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}
