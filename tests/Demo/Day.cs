using System.Text.Json.Nodes;
using Sandan.Contracts.Ceb;

namespace Sandan.Demo;

/// <summary>A document to send.</summary>
/// <param name="Sender">Company whose key sends it.</param>
/// <param name="Wave">0 in the random order of the day; later waves go out when the one before is judged.</param>
internal sealed record Document(CebMessage Message, Company Sender, JsonObject Content, int Wave);

/// <summary>What must become of a consignment.</summary>
/// <param name="Wave">The wave with which it has all that it gets.</param>
internal sealed record Expectation(string PlatformCode, string OrderNo, Defect Defect, int Wave);

/// <summary>A day's documents in random order, and what must become of each consignment.</summary>
internal sealed record Day(IReadOnlyList<Document> Documents, IReadOnlyList<Expectation> Expectations);

/// <summary>Invents a day: mostly good consignments, some with a defect, each consignment knowing its right answer.</summary>
internal sealed class DayWriter(World world, string run, Random random, People people, DateTimeOffset now)
{
    private const int TelephoneBuyers = 10;
    private const int AddressNames = 20;

    private readonly World world = world;
    private readonly string run = run;
    private readonly Random random = random;
    private readonly DateTimeOffset now = now;
    private readonly People people = people;
    private readonly List<Document> documents = [];
    private readonly List<Expectation> expectations = [];
    private int count;

    /// <summary>About <paramref name="consignments"/> consignments, of which about 5 % have a defect.</summary>
    public Day Write(int consignments)
    {
        for (var defects = consignments / 20; defects > 0 || count == 0; defects--)
        {
            Deal(Defect.All[(consignments / 20 - defects) % Defect.All.Count]);
        }

        while (count < consignments)
        {
            Add(Defect.None);
        }

        var shuffled = documents.ToArray();
        random.Shuffle(shuffled);
        return new([.. shuffled.OrderBy(document => document.Wave)], expectations);
    }

    /// <summary>Adds what a defect needs: most need one consignment, some a history.</summary>
    private void Deal(Defect defect)
    {
        var buyer = people.Next();
        if (defect == Defect.Ambiguous)
        {
            var first = new Consignment(this, buyer, Goods.Shop[0], platform: world.Platforms[0]);
            var second = new Consignment(this, buyer, Goods.Shop[0], platform: world.Platforms[1]) { OrderNo = first.OrderNo };
            first.Send(defect, waybill: true, wave: 0);
            second.Send(defect, waybill: false, wave: 0);
        }
        else if (defect == Defect.PaymentReused)
        {
            // The payment of one order is moved to another one.
            var robbed = new Consignment(this, buyer, Goods.Shop[2]);
            var moved = new Consignment(this, buyer, Goods.Shop[2], robbed.Platform, robbed.Payer)
            {
                PaymentNo = robbed.PaymentNo,
                OrderedAt = robbed.OrderedAt.AddMinutes(5), // a change is newer than what it changes
            };
            robbed.SendOrder(Defect.NoPayment, 0);
            robbed.SendPayment(defect, 0);
            moved.SendOrder(defect, 0);
            moved.SendWaybill(defect, 0);
            moved.SendPayment(defect, 1, appType: "2");
            Expect(robbed, Defect.NoPayment, 1);
            Expect(moved, defect, 1);
        }
        else if (defect == Defect.WaybillReused)
        {
            var consignment = new Consignment(this, buyer, Goods.Shop[3]);
            consignment.SendOrder(defect, 0);
            consignment.SendPayment(defect, 0);
            consignment.SendWaybill(defect, 0, orderNo: consignment.OrderNo + "-A");
            consignment.SendWaybill(defect, 1, appType: "2");
            Expect(consignment, defect, 1);
        }
        else if (defect == Defect.SplitOrders)
        {
            Add(Defect.None, buyer, quantity: 18);
            Add(defect, buyer, quantity: 18, wave: 1);
        }
        else if (defect == Defect.TelephoneFanOut || defect == Defect.AddressFanOut)
        {
            var people = defect == Defect.TelephoneFanOut ? TelephoneBuyers : AddressNames;
            for (var at = 1; at <= people; at++)
            {
                var other = this.people.Next();
                other = other with { Name = $"{other.Name[..1]}{(char)('一' + at)}" }; // no two of the same name
                var consignee = defect == Defect.TelephoneFanOut
                    ? other with { Telephone = buyer.Telephone }
                    : other with { Address = buyer.Address };
                Add(at == people ? defect : Defect.None, consignee, wave: at == people ? 1 : 0);
            }
        }
        else
        {
            Add(defect, buyer);
        }
    }

    private void Add(Defect defect, Person? buyer = null, int? quantity = null, int wave = 0)
    {
        var article = defect == Defect.NotFiled ? Goods.NotFiled
            : defect == Defect.NotListed ? Goods.NotListed
            : quantity is null ? Goods.Shop[random.Next(Goods.Shop.Count)] : Goods.Shop[0];
        var consignment = new Consignment(this, buyer ?? people.Next(), article)
        {
            Quantity = quantity ?? (defect == Defect.OverSingleLimit ? 80 : random.Next(1, 3)),
        };
        consignment.Send(
            defect,
            waybill: defect != Defect.NoWaybill,
            wave,
            order: defect != Defect.NoOrder,
            payment: defect != Defect.NoPayment);
    }

    private void Expect(Consignment consignment, Defect defect, int wave) =>
        expectations.Add(new(consignment.Platform.Code, consignment.OrderNo, defect, wave));

    private sealed class Consignment
    {
        private readonly DayWriter day;
        private readonly Person buyer;
        private readonly Article article;
        private readonly Company seller;
        private readonly Company carrier;

        public Consignment(
            DayWriter day, Person buyer, Article article, Company? platform = null, Company? payer = null)
        {
            var number = ++day.count;
            (this.day, this.buyer, this.article) = (day, buyer, article);
            Platform = platform ?? day.world.Platforms[number % day.world.Platforms.Count];
            seller = day.world.Sellers[number % day.world.Sellers.Count];
            Payer = payer ?? day.world.PaymentCompanies[number % day.world.PaymentCompanies.Count];
            carrier = day.world.LogisticsCompanies[number % day.world.LogisticsCompanies.Count];
            OrderedAt = day.now.AddMinutes(-60 - day.random.Next(600));
            OrderNo = $"{day.run}-{number:000000}";
            PaymentNo = $"P{day.run}{number:000000}";
            WaybillNo = $"W{day.run}{number:000000}";
        }

        public Company Platform { get; }
        public Company Payer { get; }
        public DateTimeOffset OrderedAt { get; init; }
        public string OrderNo { get; init; }
        public string PaymentNo { get; init; }
        public int Quantity { get; init; } = 1;
        private string WaybillNo { get; }
        private decimal GoodsValue => article.Price * Quantity;
        private decimal Freight => GoodsValue >= 200 ? 0m : 15m;
        private decimal Tax => Math.Round((GoodsValue + Freight) * article.Rate, 2, MidpointRounding.AwayFromZero);
        private decimal Paid => GoodsValue + Freight + Tax;

        public void Send(Defect defect, bool waybill, int wave, bool order = true, bool payment = true)
        {
            if (order)
            {
                SendOrder(defect, wave);
            }

            if (payment)
            {
                SendPayment(defect, wave);
            }

            if (waybill)
            {
                SendWaybill(defect, wave);
            }

            day.Expect(this, defect, wave);
        }

        public void SendOrder(Defect defect, int wave) => Send(CebMessage.Order, Platform, wave, OrderedAt, "1", new()
        {
            ["orderType"] = "I",
            ["orderNo"] = OrderNo,
            ["ebpCode"] = Platform.Code,
            ["ebpName"] = Platform.Name,
            ["ebcCode"] = seller.Code,
            ["ebcName"] = seller.Name,
            ["goodsValue"] = GoodsValue,
            ["freight"] = Freight,
            ["discount"] = 0m,
            ["taxTotal"] = defect == Defect.OrderDoesNotAddUp ? Tax + 5 : Tax,
            ["acturalPaid"] = Paid,
            ["currency"] = "142",
            ["buyerRegNo"] = $"u{day.random.Next(1_000_000)}",
            ["buyerName"] = buyer.Name,
            ["buyerTelephone"] = buyer.Telephone,
            ["buyerIdType"] = "1",
            ["buyerIdNumber"] = buyer.IdNumber,
            ["payCode"] = defect == Defect.PaymentCompany ? day.world.PaymentCompanies.First(one => one != Payer).Code : Payer.Code,
            ["payName"] = Payer.Name,
            ["payTransactionId"] = defect == Defect.PaymentNumber ? PaymentNo + "X" : PaymentNo,
            ["consignee"] = buyer.Name,
            ["consigneeTelephone"] = buyer.Telephone,
            ["consigneeAddress"] = buyer.Address,
            ["orderList"] = new JsonArray(new JsonObject
            {
                ["gnum"] = 1,
                ["itemNo"] = article.ItemNo,
                ["itemName"] = article.Name,
                ["gmodel"] = article.Model,
                ["unit"] = article.Unit,
                ["qty"] = Quantity,
                ["price"] = article.Price,
                ["totalPrice"] = defect == Defect.LinesDoNotAddUp ? GoodsValue - 1 : GoodsValue,
                ["currency"] = "142",
                ["country"] = article.Country,
            }),
        });

        public void SendPayment(Defect defect, int wave, string appType = "1")
        {
            var somebodyElse = day.people.Next();
            var payerIs = defect == Defect.BuyerIsNotPayer ? somebodyElse : buyer;
            Send(CebMessage.Payment, Payer, wave, OrderedAt.AddMinutes(1 + wave), appType, new()
            {
                ["payCode"] = Payer.Code,
                ["payName"] = Payer.Name,
                ["payTransactionId"] = PaymentNo,
                ["orderNo"] = OrderNo,
                ["ebpCode"] = Platform.Code,
                ["ebpName"] = defect == Defect.PlatformName ? Platform.Name + "商城" : Platform.Name,
                ["payerIdType"] = "1",
                ["payerIdNumber"] = payerIs.IdNumber,
                ["payerName"] = payerIs.Name,
                ["amountPaid"] = defect == Defect.PaidAmount ? Paid - 1.5m : Paid,
                ["currency"] = "142",
                ["payTime"] = ShanghaiTime.Format14(OrderedAt),
            });
        }

        public void SendWaybill(Defect defect, int wave, string appType = "1", string? orderNo = null)
        {
            var shippedAt = defect == Defect.WaybillBeforeOrder ? OrderedAt.AddHours(-2) : OrderedAt.AddMinutes(30 + wave);
            Send(CebMessage.Waybill, carrier, wave, shippedAt, appType, new()
            {
                ["logisticsCode"] = carrier.Code,
                ["logisticsName"] = carrier.Name,
                ["logisticsNo"] = WaybillNo,
                ["orderNo"] = orderNo ?? OrderNo,
                ["freight"] = Freight,
                ["insuredFee"] = 0m,
                ["currency"] = "142",
                ["weight"] = article.WeightKg * Quantity,
                ["packNo"] = 1,
                ["consignee"] = defect == Defect.ConsigneeName ? day.people.Next().Name + "某" : buyer.Name,
                ["consigneeAddress"] = defect == Defect.ConsigneeAddress ? buyer.Address + "转角" : buyer.Address,
                ["consigneeTelephone"] = defect == Defect.ConsigneeTelephone ? day.people.Next().Telephone : buyer.Telephone,
            });
        }

        private void Send(CebMessage message, Company sender, int wave, DateTimeOffset at, string appType, JsonObject content)
        {
            content["guid"] = Guid.CreateVersion7().ToString("D").ToUpperInvariant();
            content["appType"] = appType;
            content["appTime"] = ShanghaiTime.Format14(at);
            content["appStatus"] = "2";
            day.documents.Add(new(message, sender, content, wave));
        }
    }
}
