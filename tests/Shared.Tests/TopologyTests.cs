using System.Text.Json;
using Sandan.Contracts.Events;

namespace Sandan.Shared.Tests;

public sealed class TopologyTests
{
    [Fact] // partners and operators know these names; a change of one strands what lies in the old queue
    public void Names_are_what_they_were() => Assert.Equal(
        """
        companies-registered: matcher.companies-registered
        goods-filed: tax.goods-filed
        certificates-registered: order.certificates-registered, payment.certificates-registered, waybill.certificates-registered, customs.certificates-registered
        orders-accepted: matcher.orders-accepted
        payments-accepted: matcher.payments-accepted
        waybills-accepted: matcher.waybills-accepted
        waybill-statuses-accepted: matcher.waybill-statuses-accepted
        inventories-accepted: matcher.inventories-accepted
        cancellations-accepted: customs.cancellations-accepted
        export-orders-accepted: matcher.export-orders-accepted
        export-payments-accepted: matcher.export-payments-accepted
        export-waybills-accepted: matcher.export-waybills-accepted
        export-inventories-accepted: matcher.export-inventories-accepted
        export-cancellations-accepted: customs.export-cancellations-accepted
        transports-accepted: customs.transports-accepted
        export-returns-accepted: customs.export-returns-accepted
        summaries-accepted: customs.summaries-accepted
        warehousings-accepted: customs.warehousings-accepted
        returns-accepted: customs.returns-accepted
        consignments-judged: tax.consignments-judged, customs.consignments-judged, credit.consignments-judged, statistics.consignments-judged
        inventories-judged: customs.inventories-judged
        export-inventories-judged: customs.export-inventories-judged
        consignments-overdue: customs.consignments-overdue, credit.consignments-overdue
        deliveries-overdue: customs.deliveries-overdue, credit.deliveries-overdue
        taxes-assessed: customs.taxes-assessed
        clearances-decided: matcher.clearances-decided, tax.clearances-decided, credit.clearances-decided, statistics.clearances-decided, customs.clearances-decided
        returns-released: tax.returns-released
        """,
        string.Join('\n', Topology.Subscriptions.Select(one =>
            $"{Topology.ExchangeOf(one.Event)}: {string.Join(", ", one.Consumers.Select(service => Topology.QueueOf(service, one.Event)))}")));

    [Fact]
    public void A_prefix_stands_before_everything()
    {
        Assert.Equal("p.orders-accepted", Topology.ExchangeOf(typeof(OrdersAccepted), "p."));
        Assert.Equal("p.matcher.orders-accepted", Topology.QueueOf("matcher", typeof(OrdersAccepted), "p."));
    }

    [Fact]
    public void Every_event_can_be_written_and_nothing_else_is_an_event()
    {
        var events = Topology.Subscriptions.Select(one => one.Event).ToArray();
        Assert.Equal(events.Length, events.Distinct().Count());
        Assert.All(events, type => Assert.NotNull(EventJson.Default.GetTypeInfo(type)));
        var declared = typeof(EventJson).GetCustomAttributesData()
            .Where(one => one.AttributeType == typeof(System.Text.Json.Serialization.JsonSerializableAttribute))
            .Select(one => (Type)one.ConstructorArguments[0].Value!);
        Assert.Equal(events.Select(type => type.Name).Order(), declared.Select(type => type.Name).Order());
    }

    [Fact] // the inbox parks an item as JSON by its own type
    public void Every_event_is_one_list_whose_items_can_be_parked() => Assert.All(
        Topology.Subscriptions,
        one =>
        {
            var list = Assert.Single(one.Event.GetProperties());
            var item = list.PropertyType.GetGenericArguments().Single();
            Assert.NotNull(EventJson.Default.GetTypeInfo(item));
            Assert.Equal("{\"", JsonSerializer.Serialize(
                Activator.CreateInstance(one.Event, [Array.CreateInstance(item, 0)]), one.Event, EventJson.Default)[..2]);
        });

    [Fact] // whatever is published, kept in an outbox or parked, shows no person
    public void No_event_has_a_personal_value_in_clear()
    {
        var seen = new HashSet<Type>();
        var rest = new Stack<Type>(Topology.Subscriptions.Select(one => one.Event));
        var found = 0;
        while (rest.TryPop(out var type))
        {
            if (!seen.Add(type) || type == typeof(Personal))
            {
                continue;
            }

            foreach (var property in type.GetProperties())
            {
                if (((string[])["Buyer", "Payer", "Consignee", "Consignor", "Telephone", "Address", "IdNumber"]).Any(property.Name.Contains))
                {
                    Assert.True(
                        property.PropertyType == typeof(Personal) || property.Name.EndsWith("Index", StringComparison.Ordinal),
                        $"{type.Name}.{property.Name}");
                    found++;
                }

                var inner = property.PropertyType.IsGenericType ? property.PropertyType.GetGenericArguments()[0] : property.PropertyType;
                if (inner.Namespace!.StartsWith("Sandan", StringComparison.Ordinal))
                {
                    rest.Push(inner);
                }
            }
        }

        Assert.True(found >= 7);
    }

    [Fact]
    public void Every_consumer_is_a_service_and_named_once() => Assert.All(
        Topology.Subscriptions,
        one =>
        {
            Assert.NotEmpty(one.Consumers);
            Assert.Equal(one.Consumers.Length, one.Consumers.Distinct().Count());
            Assert.All(one.Consumers, service => Assert.Contains(service, SettingsTests.Given().Addresses.Keys));
        });
}
