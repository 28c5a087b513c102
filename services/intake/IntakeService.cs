using System.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Sandan.Intake.Endpoints;
using Sandan.Intake.Storage;
using Sandan.Shared;

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
        service.Services.AddSingleton<MatcherBacklog<TAccepted>>();
        service.Services.AddSingleton<Admission<TAccepted>>();
        service.Services.AddSingleton<IntakeEndpoints<TAccepted>>();
        service.Services.AddHostedService(provider => provider.GetRequiredService<IntakeWriter<TAccepted>>());
        service.Services.AddHostedService(provider => provider.GetRequiredService<MatcherBacklog<TAccepted>>());
        service.Services.AddHostedService<Maintenance>();
        service.Services.TryAddSingleton<DataKeys>();
        return service;
    }

    /// <summary>Maps its routes: <paramref name="route"/> for JSON, <c>/v1/ceb/{type}</c> for XML.</summary>
    public static void MapIntake<TAccepted>(this WebApplication app, string route) =>
        app.Services.GetRequiredService<IntakeEndpoints<TAccepted>>().Map(app, route);
}
