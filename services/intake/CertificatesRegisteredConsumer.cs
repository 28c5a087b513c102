using MassTransit;
using Sandan.Contracts.Events;
using Sandan.Intake.Storage;
using Sandan.Shared.Messaging;

namespace Sandan.Intake;

/// <summary>Keeps the certificates by which messages are signed.</summary>
internal sealed class CertificatesRegisteredConsumer(Inbox inbox) : IConsumer<CertificatesRegistered>
{
    public Task Consume(ConsumeContext<CertificatesRegistered> context) =>
        inbox.OnceAsync(context, context.Message.Certificates, CertificateStore.PutAsync);
}
