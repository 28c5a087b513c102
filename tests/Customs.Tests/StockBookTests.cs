using Sandan.Contracts.Codes;
using Sandan.Contracts.Events;
using Sandan.Customs.Declarations;
using Sandan.Customs.Stock;
using Sandan.Intake.Domain;

namespace Sandan.Customs.Tests;

/// <summary>The stock book, a transaction at a time, on a store in memory.</summary>
public sealed class StockBookTests
{
    private const string Account = "T3102W000001";
    private static readonly DateTimeOffset At = new(2026, 11, 20, 1, 2, 3, TimeSpan.Zero);
    private static readonly StockKey R1 = new(Account, "R1");

    private readonly MemoryStore store = new();

    [Theory] // status of the inventory → entered, reserved, released, returned
    [InlineData(null, 3, 0, 0)]
    [InlineData("100", 3, 0, 0)]
    [InlineData("120", 3, 2, 0)]
    [InlineData("300", 3, 2, 0)]
    [InlineData("500", 3, 2, 0)]
    [InlineData("800", 3, 0, 2)]
    [InlineData("399", 3, 0, 0)]
    public void What_it_holds_is_that_of_its_state_and_a_repeat_moves_nothing(string? status, decimal entered, decimal reserved, decimal released)
    {
        store.Enter(Entry("E1", 3));
        Assert.Null(store.Hold(Row(1, status, ("R1", 2))));
        Assert.Null(store.Hold(Row(1, status, ("R1", 2))));
        Assert.Equal(new StockAmounts(entered, reserved, released, 0), store.Items[R1].Amounts);
        Assert.Equal(status is null or "100" or "399" ? 1 : 2, store.Movements.Count);
    }

    [Fact]
    public void Each_step_of_its_way_is_one_movement_of_its_kind()
    {
        store.Enter(Entry("E1", 5));
        foreach (var (status, quantity) in ((string, decimal)[])[("120", 2), ("120", 3), ("120", 1), ("100", 1), ("300", 2), ("800", 2)])
        {
            Assert.Null(store.Hold(Row(1, status, ("R1", quantity))));
        }

        store.Return(Row(1, "800", ("R1", 2)), 1, "T1");
        store.Return(Row(1, "800", ("R1", 2)), 1, "T1");
        store.Return(Row(1, "800", ("R1", 2)), 2, "T2");
        Assert.Equal(
            ["entry 5", "reserved -2", "reserved -1", "givenBack 2", "givenBack 1", "reserved -2", "released 0", "returned 1", "returned 1"],
            store.Movements.Select(one => $"{one.Kind} {one.Change.Balance:0}"));
        Assert.Equal(new StockAmounts(5, 0, 2, 2), store.Items[R1].Amounts);
    }

    [Fact]
    public void Beyond_the_balance_nothing_moves_and_both_values_are_told()
    {
        store.Enter(Entry("E1", 3), Entry("E2", 9, "R2"));
        Assert.Null(store.Hold(Row(1, "120", ("R1", 2))));
        var refusal = store.Hold(Row(2, "120", ("R2", 1), ("R1", 2)))!;
        Assert.Equal((OfficialCodes.Rejected, StockCodes.BeyondBalance), (refusal.Result.Status, refusal.Result.Code));
        Assert.EndsWith(
            "[InventoryHead.emsNo:T3102W000001,InventoryList.itemRecordNo:R1,InventoryList.qty:2,account.balance:1,account.areaCode:WH]",
            refusal.Info, StringComparison.Ordinal);
        Assert.Equal(9, store.Items[new(Account, "R2")].Amounts.Balance);

        var change = store.Hold(Row(1, "120", ("R1", 4)))!; // what it has already is its own to use: 1 is left, and 2 are its own
        Assert.Contains("InventoryList.qty:4,account.balance:3,", change.Info, StringComparison.Ordinal);
        Assert.Null(store.Hold(Row(1, "120", ("R1", 3))));
        Assert.Contains("account.balance:0,", store.Hold(Row(2, "120", ("UNKNOWN", 1)))!.Info, StringComparison.Ordinal);
    }

    [Fact]
    public void Lines_of_one_article_count_together()
    {
        store.Enter(Entry("E1", 3));
        Assert.Contains("qty:4,account.balance:3,", store.Hold(Row(1, "120", ("R1", 2), ("R1", 2)))!.Info, StringComparison.Ordinal);
        Assert.Null(store.Hold(Row(1, "120", ("R1", 2), ("R1", 1))));
        Assert.Equal(0, store.Items[R1].Amounts.Balance);
    }

    [Fact]
    public void A_change_to_another_account_or_to_direct_purchase_gives_back()
    {
        store.Keepers["OTHER"] = "WH2";
        store.Enter(Entry("E1", 3));
        store.Enter("OTHER", Entry("E1", 1));
        var row = Row(1, "120", ("R1", 1));
        Assert.Null(store.Hold(row));
        Assert.Null(store.Hold(With(row, row.Inventory with { Account = "other" }))); // however it is spelt
        Assert.Equal((3m, 0m), (store.Items[R1].Amounts.Balance, store.Items[new("OTHER", "R1")].Amounts.Balance));
        Assert.Null(store.Hold(With(row, row.Inventory with { Mode = "9610" })));
        Assert.Equal(1, store.Items[new("OTHER", "R1")].Amounts.Balance);
    }

    [Fact]
    public void Another_unit_is_refused_with_both()
    {
        store.Enter(Entry("E1", 3));
        var row = Row(1, "120", ("R1", 1));
        var refusal = store.Hold(With(row, row.Inventory with { Lines = [row.Inventory.Lines[0] with { Unit = "035" }] }))!;
        Assert.Equal(StockCodes.UnitDiffers, refusal.Result.Code);
        Assert.EndsWith("InventoryList.unit:035,account.unit:011]", refusal.Info, StringComparison.Ordinal);
    }

    [Fact]
    public void An_account_that_is_not_kept_holds_nothing_up_unless_it_must_be_kept()
    {
        var row = Row(1, "120", ("R1", 1));
        var other = With(row, row.Inventory with { Account = "NOT-KEPT" });
        Assert.Null(store.Hold(other));
        Assert.Empty(store.Movements);
        Assert.Equal(StockCodes.AccountNotKept, store.Hold(other, isRequired: true)!.Result.Code);
        Assert.Null(store.Hold(With(other, other.Inventory with { Mode = "9610" }), isRequired: true));
        Assert.Null(store.Hold(other with { Last = null }, isRequired: true));
    }

    [Fact]
    public void Goods_that_were_released_outside_of_the_book_come_back_outside_of_it()
    {
        store.Enter(Entry("E1", 3));
        store.Return(Row(1, "800", ("R1", 2)), 2, "T1");
        Assert.Equal(3, store.Items[R1].Amounts.Balance);
    }

    [Fact]
    public void An_entry_counts_once_and_what_differs_is_refused()
    {
        store.Enter(Entry("E1", 3));
        Assert.Equal((IntakeOutcome.Exists, null), Outcome(Entry("E1", 3)));
        Assert.Equal((IntakeOutcome.Conflict, StockCodes.EntryDiffers), Outcome(Entry("E1", 4)));
        Assert.Equal((IntakeOutcome.Conflict, StockCodes.EntryDiffers), Outcome(Entry("E1", 3, "R2")));
        Assert.Equal((IntakeOutcome.Rejected, StockCodes.UnitDiffers), Outcome(Entry("E2", 3) with { Unit = "035" }));
        Assert.Equal((IntakeOutcome.Rejected, StockCodes.GoodsDiffer), Outcome(Entry("E2", 3) with { HsCode = "9619001100" }));
        Assert.Equal((IntakeOutcome.Rejected, StockCodes.ShortageBeyondBalance), Outcome(Entry("E2", 4) with { Kind = StockKinds.Shortage, Reason = "x" }));
        Assert.Equal((IntakeOutcome.Created, null), Outcome(Entry("E2", 2) with { Kind = StockKinds.Shortage, Reason = "x" }));
        Assert.Equal((IntakeOutcome.Created, null), Outcome(Entry("E3", 1) with { Kind = StockKinds.Surplus, Reason = "x" }));
        Assert.Equal(2, store.Items[R1].Amounts.Balance);
    }

    [Fact]
    public void Twice_in_one_request_counts_once()
    {
        store.Enter(Entry("E1", 3), Entry("E1", 3));
        Assert.Equal(3, store.Items[R1].Amounts.Balance);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Whatever_comes_in_whatever_order_the_book_balances(int seed)
    {
        var random = new Random(seed);
        var (rows, returned) = (new Dictionary<int, InventoryRow>(), new Dictionary<int, decimal>());
        var entered = new Dictionary<string, StockEntry>();
        string?[] states = [null, "100", "120", "300", "500", "800", "399"];
        for (var step = 0; step < 80; step++)
        {
            var number = random.Next(6);
            var before = rows.GetValueOrDefault(number);
            switch (random.Next(4))
            {
                case 0:
                    var entry = Entry($"E{random.Next(12)}", random.Next(1, 4), $"R{random.Next(3)}");
                    entry = random.Next(3) == 0 ? entry with { Kind = StockKinds.Shortage, Reason = "counted" } : entry;
                    if (store.Enter(entry)[0].Outcome == IntakeOutcome.Created)
                    {
                        Assert.True(entered.TryAdd(entry.EntryNo, entry));
                    }

                    break;
                case 1 when before is { Last.Status: "800" }:
                    returned[number] = Math.Max(returned.GetValueOrDefault(number), random.Next(1, 1 + (int)before.Inventory.Lines[0].Quantity));
                    store.Return(before, returned[number], $"T{step}");
                    break;
                case 2 when before is not null:
                    Assert.Null(store.Hold(before)); // a repeat
                    if (returned.TryGetValue(number, out var back))
                    {
                        store.Return(before, back, $"T{step}");
                    }

                    break;
                default:
                    if (before is { Last.Status: "800" })
                    {
                        break; // what is released stays: see InventoryRules
                    }

                    var row = Row(number, states[random.Next(states.Length)], [.. Enumerable.Range(0, random.Next(1, 3)).Select(_ => ($"R{random.Next(3)}", (decimal)random.Next(1, 3)))]);
                    rows[number] = row;
                    if (store.Hold(row) is { } refusal)
                    {
                        rows[number] = row with { Last = refusal.Result };
                        Assert.Null(store.Hold(rows[number]));
                    }

                    break;
            }

            AssertBalance(rows, returned, entered.Values);
        }
    }

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 100)];

    /// <summary>What the states say, counted without the book.</summary>
    private void AssertBalance(Dictionary<int, InventoryRow> rows, Dictionary<int, decimal> returned, IEnumerable<StockEntry> entered)
    {
        foreach (var (key, item) in store.Items)
        {
            var held = rows.Values.Where(one => one.Last?.Status is "120" or "300" or "500").Sum(one => QuantityOf(one, key.RecordNo));
            var gone = rows.Values.Where(one => one.Last?.Status == "800").Sum(one => QuantityOf(one, key.RecordNo));
            var back = returned.Where(one => rows[one.Key].Inventory.Lines[0].RecordNo == key.RecordNo).Sum(one => one.Value);
            var came = entered.Where(one => one.RecordNo == key.RecordNo).Sum(one => one.Kind == StockKinds.Shortage ? -one.Quantity : one.Quantity);
            Assert.Equal(new StockAmounts(came, held, gone, back), item.Amounts);
            Assert.Equal(item.Amounts, store.Movements.Where(one => one.Key == key).Aggregate(default(StockAmounts), (sum, one) => sum + one.Change));
            Assert.True(item.Amounts.Balance >= 0);
        }
    }

    private (IntakeOutcome, string?) Outcome(StockEntry entry) => store.Enter(entry)[0] is var (outcome, error) ? (outcome, error?.Code) : default;

    private static decimal QuantityOf(InventoryRow row, string recordNo) => row.Inventory.Lines.Where(line => line.RecordNo == recordNo).Sum(line => line.Quantity);

    private static StockEntry Entry(string number, decimal quantity, string recordNo = "R1") =>
        new(number, recordNo, "3304990039", "goods", "011", quantity, StockKinds.Entry, null, null);

    private static InventoryRow With(InventoryRow row, InventoryAccepted inventory) => row with { Judged = row.Judged with { Inventory = inventory } };

    private static InventoryRow Row(int number, string? status, params (string RecordNo, decimal Quantity)[] lines)
    {
        var inventory = Samples.Inventory() with
        {
            Mode = "1210",
            Account = Account,
            PreNo = $"B{number}",
            InventoryNo = $"I{number}",
            Lines = [.. lines.Select((line, at) => new InventoryLine
            {
                LineNo = at + 1, RecordNo = line.RecordNo, HsCode = "3304990039", Name = "goods", Unit = "011", Quantity = line.Quantity, Price = 1,
                TotalPrice = line.Quantity, Country = "116",
            })],
        };
        return new(new(inventory, 1, ConsignmentState.Matched, At, []), 1, status is null ? null : new(status, "0"), At);
    }

    /// <summary>What the database keeps: each call is a transaction.</summary>
    private sealed class MemoryStore
    {
        public Dictionary<string, string> Keepers { get; } = new() { [Account] = "WH" };
        public Dictionary<StockKey, StockItem> Items { get; private set; } = [];
        public List<StockMovement> Movements { get; } = [];

        public (IntakeOutcome Outcome, Contracts.FieldError? Error)[] Enter(params StockEntry[] entries) => Enter(Account, entries);

        public (IntakeOutcome Outcome, Contracts.FieldError? Error)[] Enter(string account, params StockEntry[] entries)
        {
            var book = new StockBook(Items.Values, Movements.Where(one => one.PreNo is null && one.Key.Account == account));
            var outcomes = Array.ConvertAll(entries, one => book.Enter(account, one, At));
            Keep(book);
            return outcomes;
        }

        public ReasonedResult? Hold(InventoryRow row, bool isRequired = false)
        {
            var book = Book(isRequired);
            var refusal = book.Hold(row, At);
            Assert.True(refusal is null || book.Movements.Count == 0);
            Keep(book);
            return refusal;
        }

        public void Return(InventoryRow row, decimal firstLine, string returnNo)
        {
            var book = Book(isRequired: false);
            book.Return(row.Inventory, new Dictionary<int, decimal> { [1] = firstLine }, returnNo, At);
            Keep(book);
        }

        private StockBook Book(bool isRequired) => new(
            Keepers, Items.Values,
            Movements.Where(one => one.PreNo is not null).GroupBy(one => (one.PreNo, one.Key))
                .Select(some => new StockHolding(some.Key.PreNo!, some.Key.Key, some.Aggregate(default(StockAmounts), (sum, one) => sum + one.Change))),
            isRequired);

        private void Keep(StockBook book)
        {
            Items = new(book.Items);
            Movements.AddRange(book.Movements);
        }
    }
}
