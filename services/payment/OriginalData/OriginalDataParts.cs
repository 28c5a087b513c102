using Microsoft.AspNetCore.Mvc;
using Npgsql;
using Sandan.Intake;
using Sandan.Shared;
using Sandan.Shared.Http;
using Sandan.Shared.Security;

namespace Sandan.Payment.OriginalData;

/// <summary>What payment-related original data (支付相关原始数据, GACC 2018-179) are made of: the platform's side and that of customs.</summary>
internal static class OriginalDataParts
{
    /// <summary>Most bytes of an upload: a deposit in its largest form, where each byte of a text takes three.</summary>
    private const int UploadBytesMax = 1024 * 1024;

    /// <summary>Whole months behind the month in which data came.</summary>
    private const int KeptMonthsMin = 36;

    /// <summary>Registers it.</summary>
    public static SandanService AddOriginalData(this SandanService service)
    {
        service.Configure<OriginalDataOptions>();
        service.Services.AddOptions<IntakeOptions>().Validate(
            options => options.PersonalDataKeptMonths >= KeptMonthsMin,
            $"Intake:PersonalDataKeptMonths must be at least {KeptMonthsMin} for payment: GACC 2018-179 demands three years.");
        service.Services.AddSingleton<PartnerHttp>();
        service.Services.AddSingleton<UploadKeys>();
        service.Services.AddSingleton<Uploader>();
        service.Services.AddSingleton<Inquirer>();
        service.Services.AddSingleton<RealTimeDataUpload>();
        service.Services.AddHostedService(provider => provider.GetRequiredService<Uploader>());
        service.Services.AddHostedService(provider => provider.GetRequiredService<Inquirer>());
        return service.AtStart((provider, ct) =>
        {
            provider.GetRequiredService<UploadKeys>(); // what is configured wrongly is said at the start
            return RequestStore.KeysCameAsync(
                provider.GetRequiredService<NpgsqlDataSource>(), provider.GetRequiredService<TimeProvider>().GetUtcNow(), ct);
        });
    }

    /// <summary>Maps its routes.</summary>
    public static void MapOriginalData(this WebApplication app)
    {
        var routes = app.MapGroup("/v1/original-payments");
        routes.MapPost("", DepositEndpoint.DepositAsync).RequireRole(Roles.Platform)
            .WithMetadata(new RequestSizeLimitAttribute(DepositEndpoint.BytesMax));
        routes.MapPost("addresses", PlatDataOpen.MakeAddressAsync).RequireRole(Roles.Platform);
        routes.MapGet("requests", RequestsEndpoint.ListAsync).RequireRole(Roles.Platform, Roles.Customs, Roles.Operator);
        routes.MapPut("platforms/{ebpCode}", InquiryEndpoints.PutPlatformAsync).RequireRole(Roles.Operator)
            .WithMetadata(new RequestSizeLimitAttribute(SandanService.SmallBodyBytesMax));
        routes.MapPost("inquiries", InquiryEndpoints.BeginAsync).RequireRole(Roles.Customs)
            .WithMetadata(new RequestSizeLimitAttribute(SandanService.SmallBodyBytesMax));
        routes.MapGet("inquiries", InquiryEndpoints.ListAsync).RequireRole(Roles.Customs, Roles.Operator);
        app.MapPost("/v1/179/realTimeDataUpload", (HttpContext context, RealTimeDataUpload upload, CancellationToken ct) => upload.TakeAsync(context, ct))
            .WithMetadata(new RequestSizeLimitAttribute(UploadBytesMax));
        app.MapPost("/v1/179/{token}/platDataOpen", PlatDataOpen.OpenAsync)
            .WithMetadata(new RequestSizeLimitAttribute(SandanService.SmallBodyBytesMax));
    }
}
