using MassTransit;
using Sandan.Contracts.Events;
using Sandan.Customs.Feed;
using Sandan.Shared.Messaging;

namespace Sandan.Customs.Consumers;

/// <summary>Assessments of tax. Safe to repeat and in any order: inbox, revision and attempt absorb it.</summary>
internal sealed class TaxesAssessedConsumer(Inbox inbox, ClearanceDesk desk, FeedSignal signal)
    : IConsumer<TaxesAssessed>
{
    public async Task Consume(ConsumeContext<TaxesAssessed> context)
    {
        await inbox.OnceAsync(context, context.Message.Assessments, desk.AssessAsync);
        signal.Set();
    }
}
