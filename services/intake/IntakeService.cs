using System.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.DependencyInjection;
using Sandan.Contracts.Events;
using Sandan.Intake.Endpoints;
using Sandan.Intake.Storage;
using Sandan.Shared;
using Sandan.Shared.Http;
using Sandan.Shared.Sandbox;
using Sandan.Shared.Security;

namespace Sandan.Intake;

/// <summary>Adds kinds of documents to a service.</summary>
public static class IntakeService
{
    /// <summary>Where the tables of the intake are embedded.</summary>
    public static Assembly Assembly => typeof(IntakeService).Assembly;

    /// <summary>Registers what takes documents of a kind in.</summary>
    public static SandanService AddIntake<TKind, TAccepted>(this SandanService service)
        where TKind : IntakeKind<TAccepted>
    {
        service.Services.AddSingleton<IntakeKind<TAccepted>, TKind>();
        service.Services.AddSingleton<IntakeWriter<TAccepted>>();
        service.Services.AddSingleton<ConsumerBacklog<TAccepted>>();
        service.Services.AddSingleton<Admission<TAccepted>>();
        service.Services.AddSingleton<IntakeEndpoints<TAccepted>>();
        service.Services.AddSingleton<IReconciler, Reconciliation<TAccepted>>();
        service.Services.AddHostedService(provider => provider.GetRequiredService<IntakeWriter<TAccepted>>());
        service.Services.AddHostedService(provider => provider.GetRequiredService<ConsumerBacklog<TAccepted>>());
        return service;
    }

    /// <summary>What all kinds of a service share: signatures, data keys, retention, maintenance.</summary>
    public static SandanService AddDocuments(this SandanService service)
    {
        service.Services.AddSingleton<Signatures>();
        service.Services.AddSingleton<ReceiptSigner>();
        service.Services.AddSingleton<DataKeys>();
        service.Services.AddSingleton<IBeforeClock>(provider => provider.GetRequiredService<DataKeys>());
        service.Services.AddSingleton<Retention>();
        service.Services.AddSingleton<Maintenance>();
        service.Services.AddHostedService(provider => provider.GetRequiredService<Maintenance>());
        return service.Consume<CertificatesRegistered, CertificatesRegisteredConsumer>().KeepAuditTrail().AtStart((provider, ct) => provider.GetRequiredService<Maintenance>().PrepareAsync(ct));
    }

    /// <summary>Registers what answers for receipts of documents that the matcher takes.</summary>
    public static SandanService AddReceipts(this SandanService service)
    {
        service.Services.AddSingleton<Downstream>();
        service.Services.AddSingleton(_ => new HttpClient());
        service.Services.AddSingleton<ILaterReceipts, MatcherReceipts>();
        service.Services.AddSingleton<Standing>();
        return service;
    }

    /// <summary>Maps its routes: <paramref name="route"/> for JSON, <c>/v1/ceb/{type}</c> for XML.</summary>
    public static void MapIntake<TAccepted>(this WebApplication app, string route) =>
        app.Services.GetRequiredService<IntakeEndpoints<TAccepted>>().Map(app, route);

    /// <summary>Maps <c>/internal/check/{type}</c>: what would become of its documents.</summary>
    /// <param name="foretell">What would be told of those that would be taken; null where others say it.</param>
    public static void MapCheck<TAccepted>(this WebApplication app, Foretell<TAccepted>? foretell = null) =>
        app.Services.GetRequiredService<IntakeEndpoints<TAccepted>>().MapCheck(app, foretell);

    /// <summary>Maps <c>/v1/documents/{id}/receipts</c> for the documents of all its kinds.</summary>
    public static void MapReceipts(this WebApplication app) => app.MapGet("/v1/documents/{id:guid}/receipts", ReceiptEndpoint.GetAsync);

    /// <summary>Maps <c>/v1/reconciliations</c> for all its kinds.</summary>
    public static void MapReconciliations(this WebApplication app) => app.MapPost("/v1/reconciliations", ReconciliationEndpoint.ReconcileAsync);

    /// <summary>Maps <c>{route}/reveal</c>: the personal values of a stored document, for customs, with a reason.</summary>
    public static void MapReveal<TAccepted>(this WebApplication app, string route) =>
        app.MapPost(route + "/reveal", RevealEndpoint.RevealAsync<TAccepted>).RequireRole(Roles.Customs)
            .WithMetadata(new RequestSizeLimitAttribute(SandanService.SmallBodyBytesMax));
}
