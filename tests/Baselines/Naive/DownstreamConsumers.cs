using MassTransit;

namespace Sandan.Naive;

/// <summary>Keeps a row per consignment; one that is there already stays as it is.</summary>
internal sealed class TaxConsumer(BaselineContext database, Progress progress) : IConsumer<ConsignmentJudged>
{
    public async Task Consume(ConsumeContext<ConsignmentJudged> context)
    {
        var (platformCode, orderNo, status, code) = context.Message;
        var row = await database.Tax.FindAsync([platformCode, orderNo], context.CancellationToken);
        if (row is null)
        {
            database.Tax.Add(new()
            {
                PlatformCode = platformCode,
                OrderNo = orderNo,
                Status = status,
                Code = code,
            });
            await database.SaveChangesAsync(context.CancellationToken);
            progress.TaxSaved();
        }
    }
}

/// <summary>Keeps a row per consignment; one that is there already stays as it is.</summary>
internal sealed class CustomsConsumer(BaselineContext database, Progress progress) : IConsumer<ConsignmentJudged>
{
    public async Task Consume(ConsumeContext<ConsignmentJudged> context)
    {
        var (platformCode, orderNo, status, code) = context.Message;
        var row = await database.Outcomes.FindAsync([platformCode, orderNo], context.CancellationToken);
        if (row is null)
        {
            database.Outcomes.Add(new()
            {
                PlatformCode = platformCode,
                OrderNo = orderNo,
                Status = status,
                Code = code,
            });
            await database.SaveChangesAsync(context.CancellationToken);
            progress.CustomsSaved();
        }
    }
}

/// <summary>Keeps a row per consignment; one that is there already stays as it is.</summary>
internal sealed class CreditConsumer(BaselineContext database, Progress progress) : IConsumer<ConsignmentJudged>
{
    public async Task Consume(ConsumeContext<ConsignmentJudged> context)
    {
        var (platformCode, orderNo, status, code) = context.Message;
        var row = await database.Credit.FindAsync([platformCode, orderNo], context.CancellationToken);
        if (row is null)
        {
            database.Credit.Add(new()
            {
                PlatformCode = platformCode,
                OrderNo = orderNo,
                Status = status,
                Code = code,
            });
            await database.SaveChangesAsync(context.CancellationToken);
            progress.CreditSaved();
        }
    }
}

/// <summary>Keeps a row per consignment; one that is there already stays as it is.</summary>
internal sealed class StatisticsConsumer(BaselineContext database, Progress progress) : IConsumer<ConsignmentJudged>
{
    public async Task Consume(ConsumeContext<ConsignmentJudged> context)
    {
        var (platformCode, orderNo, status, code) = context.Message;
        var row = await database.Statistics.FindAsync([platformCode, orderNo], context.CancellationToken);
        if (row is null)
        {
            database.Statistics.Add(new()
            {
                PlatformCode = platformCode,
                OrderNo = orderNo,
                Status = status,
                Code = code,
            });
            await database.SaveChangesAsync(context.CancellationToken);
            progress.StatisticsSaved();
        }
    }
}
