using System.ComponentModel;
using System.Text.Json;
using System.Text.Json.Serialization;
using ImageApi.Client.Serialization;

namespace ImageApi.Client;

/// <summary>The word with which the server names the state of a job, as it was sent. An open word: any text the server knows can be used.</summary>
/// <remarks>The API documents only <c>processing</c>. <see cref="Job.State"/> is the normalized state; compare with that.</remarks>
[JsonConverter(typeof(Converter))]
public readonly record struct JobStatus
{
    /// <summary>Initializes a word.</summary>
    /// <param name="value">The word as the API spells it: 1 to 256 characters.</param>
    /// <exception cref="ArgumentException"><paramref name="value"/> is empty, too long, or holds control characters.</exception>
    public JobStatus(string value) => Value = ExtensibleEnum.Validate(value);

    /// <summary>Gets <c>processing</c>. The job is being worked on (contract).</summary>
    public static JobStatus Processing => new("processing");

    /// <summary>Gets the word as it is sent.</summary>
    public string Value => field ?? string.Empty;

    /// <summary>Turns a text into a word.</summary>
    /// <param name="value">The word as the API spells it. Null gives the default, which is not sent.</param>
    public static implicit operator JobStatus(string? value) => value is null ? default : new(value);

    /// <summary>Turns a text into a word, or null into null.</summary>
    /// <param name="value">The word as the API spells it.</param>
    public static implicit operator JobStatus?(string? value) => value is null ? default(JobStatus?) : new JobStatus(value);

    /// <summary>Compares two words without regard to case.</summary>
    /// <param name="other">The other word.</param>
    /// <returns>True when they are the same word.</returns>
    public bool Equals(JobStatus other) => ExtensibleEnum.Equal(Value, other.Value);

    /// <inheritdoc/>
    public override int GetHashCode() => ExtensibleEnum.Hash(Value);

    /// <inheritdoc/>
    public override string ToString() => Value;

    /// <summary>Reads and writes the word as a JSON text.</summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public sealed class Converter : JsonConverter<JobStatus>
    {
        /// <inheritdoc/>
        public override JobStatus Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => new(ExtensibleEnum.Read(ref reader));

        /// <inheritdoc/>
        public override void Write(Utf8JsonWriter writer, JobStatus value, JsonSerializerOptions options)
        {
            ArgumentNullException.ThrowIfNull(writer);

            writer.WriteStringValue(value.Value);
        }
    }
}
