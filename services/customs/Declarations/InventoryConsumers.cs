using MassTransit;
using Sandan.Contracts.Events;
using Sandan.Shared.Messaging;

namespace Sandan.Customs.Declarations;

/// <summary>Comparisons of inventories.</summary>
internal sealed class InventoriesJudgedConsumer(Inbox inbox, InventoryDesk desk) : IConsumer<InventoriesJudged>
{
    public Task Consume(ConsumeContext<InventoriesJudged> context) => inbox.OnceAsync(context, context.Message.Inventories, desk.WorkInAsync);
}

/// <summary>This service's own decisions, which decide on inventories too: told behind their commit, so none is missed.</summary>
internal sealed class ClearancesDecidedConsumer(Inbox inbox, InventoryDesk desk) : IConsumer<ClearancesDecided>
{
    public Task Consume(ConsumeContext<ClearancesDecided> context) => inbox.OnceAsync(context, context.Message.Decisions, desk.WorkInAsync);
}

/// <summary>Requests to return goods.</summary>
internal sealed class ReturnsAcceptedConsumer(Inbox inbox, ReturnDesk desk) : IConsumer<ReturnsAccepted>
{
    public Task Consume(ConsumeContext<ReturnsAccepted> context) => inbox.OnceAsync(context, context.Message.Returns, desk.WorkInAsync);
}

/// <summary>Requests to cancel inventories.</summary>
internal sealed class CancellationsAcceptedConsumer(Inbox inbox, InventoryDesk desk) : IConsumer<CancellationsAccepted>
{
    public Task Consume(ConsumeContext<CancellationsAccepted> context) => inbox.OnceAsync(context, context.Message.Cancellations, desk.WorkInAsync);
}
