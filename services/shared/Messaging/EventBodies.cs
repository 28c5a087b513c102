using System.Net.Mime;
using System.Runtime.Serialization;
using MassTransit;
using MassTransit.Serialization;
using MessagePack;
using Sandan.Contracts.Events;

namespace Sandan.Shared.Messaging;

/// <summary>
/// Lets MassTransit read bodies as <see cref="EventBytes.Pack"/> writes them: the whole body is the event, its type is that of
/// the queue. MassTransit sends nothing here, so there is nothing to write.
/// </summary>
internal sealed class EventBodies : ISerializerFactory, IMessageDeserializer
{
    /// <inheritdoc cref="ISerializerFactory.ContentType" />
    public ContentType ContentType { get; } = new(EventBytes.ContentType);

    /// <inheritdoc />
    public IMessageSerializer CreateSerializer() => throw new NotSupportedException("Only the outbox sends.");

    /// <inheritdoc />
    public IMessageDeserializer CreateDeserializer() => this;

    /// <inheritdoc />
    public ConsumeContext Deserialize(ReceiveContext receiveContext) => new BodyConsumeContext(
        receiveContext, Deserialize(receiveContext.Body, receiveContext.TransportHeaders, receiveContext.InputAddress));

    /// <inheritdoc />
    public SerializerContext Deserialize(MessageBody body, Headers headers, Uri? destinationAddress = null) =>
        new Context(body, new RawMessageContext(headers, destinationAddress, RawSerializerOptions.AnyMessageType));

    /// <inheritdoc />
    public MessageBody GetMessageBody(string text) => new Base64MessageBody(text);

    /// <inheritdoc />
    public void Probe(ProbeContext context) => context.CreateScope("msgpack");

    private sealed class Context(MessageBody body, MessageContext message)
        : BaseSerializerContext(SystemTextJsonMessageSerializer.Instance, message, [])
    {
        public override bool IsSupportedMessageType<T>() => true;

        public override bool IsSupportedMessageType(Type messageType) => true;

        public override bool TryGetMessage<T>(out T message)
        {
            try
            {
                message = EventBytes.Unpack<T>(body.GetBytes());
                return true;
            }
            catch (MessagePackSerializationException unreadable)
            {
                throw new SerializationException($"The body is no {typeof(T).Name}.", unreadable);
            }
        }

        public override bool TryGetMessage(Type messageType, out object message) =>
            throw new NotSupportedException("Consumers name the type of their event.");

        public override IMessageSerializer GetMessageSerializer() => throw new NotSupportedException("Only the outbox sends.");

        public override IMessageSerializer GetMessageSerializer<T>(MessageEnvelope envelope, T message) => GetMessageSerializer();

        public override IMessageSerializer GetMessageSerializer(object message, string[] messageTypes) => GetMessageSerializer();

        public override Dictionary<string, object> ToDictionary<T>(T? message)
            where T : class => [];
    }
}
