using System.Buffers;
using System.Globalization;
using System.Text.Json;
using ImageApi.Client.Http;
using ImageApi.Client.Http.Errors;
using ImageApi.Client.Media.Destinations;
using ImageApi.Client.Redaction;
using ImageApi.Client.Serialization;

namespace ImageApi.Client.Media.Extraction;

/// <summary>
/// A JSON answer without its base64 texts: they were decoded while it was read, and short marks stand in their places.
/// A mark that a server invents can only lead to that answer's own media.
/// </summary>
internal sealed class ExtractedJson(JsonDocument document, IReadOnlyList<ExtractedMedia> media, byte[] text, int length) : IDisposable
{
    /// <summary>A server cannot guess it: no text of its own passes for a mark.</summary>
    private static readonly string PlaceholderPrefix = "lifted-" + Guid.NewGuid().ToString("N") + ":";

    /// <summary>What it was read from; null for a text that came from nowhere.</summary>
    private ApiResponse? _response;

    public JsonElement Root => document.RootElement;

    private ReadOnlySpan<byte> Text => text.AsSpan(0, length);

    public bool HasInvalid => media.Any(static item => item.IsInvalid);

    /// <summary>Gets the media that no reader has claimed, in case they stood where nobody looked: they were paid for. What the server repeats of the request is not among them.</summary>
    public IEnumerable<ExtractedMedia> Unclaimed => media.Where(static item => item is { IsClaimed: false, IsEchoedInput: false });

    /// <summary>Makes a text of the answer fit to be shown.</summary>
    public string? Redact(string? text) => _response is null ? SecretRedactor.Redact(text, apiKey: null) : _response.Redact(text);

    public static string Placeholder(int index) => PlaceholderPrefix + index.ToString(CultureInfo.InvariantCulture);

    /// <summary>Finds the media that a mark stands for.</summary>
    public ExtractedMedia? Claim(string? placeholder)
    {
        if (placeholder?.StartsWith(PlaceholderPrefix, StringComparison.Ordinal) != true
            || !int.TryParse(placeholder.Substring(PlaceholderPrefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var index)
            || index >= media.Count)
        {
            return null;
        }

        media[index].IsClaimed = true;
        return media[index];
    }

    public void Dispose()
    {
        document.Dispose();
        ArrayPool<byte>.Shared.Return(text);
    }

    /// <summary>Reads the error that an element has; its texts come to the caller's eyes, and into exceptions.</summary>
    public GenerationError? ReadError(JsonElement element) => element.TryFind("error", out var member) && ErrorBodyParser.ParseErrorMember(member) is { } error
        ? new GenerationError { Message = Redact(error.Message), Code = Redact(error.Code), Type = Redact(error.Type) }
        : null;

    /// <summary>Reads an open word that is fit to be shown: whatever prints a result prints its words.</summary>
    public string? GetEnum(JsonElement element, params ReadOnlySpan<string> names) => Redact(element.Enum(names)) is { } value && ExtensibleEnum.IsValid(value) ? value : null;

    /// <summary>Reads an answer, decoding base64 texts on the way, and makes something of it. It lives no longer than the call of <paramref name="read"/>.</summary>
    /// <param name="response">The answer.</param>
    /// <param name="store">Where the media go; null to keep them in memory.</param>
    /// <param name="read">Makes something of it.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    public static async ValueTask<T> ReadAsync<T>(ApiResponse response, IMediaStore? store, Func<ExtractedJson, ApiResponse, T> read, CancellationToken cancellationToken)
    {
        using var json = await ExtractAsync(response, store ?? new MemoryStore(response.Settings.MaxMediaBytes), cancellationToken).ConfigureAwait(false);
        json._response = response;
        try
        {
            return read(json, response);
        }
        catch (Exception)
        {
            response.Recover(json.Text);
            throw;
        }
    }

    private static async ValueTask<ExtractedJson> ExtractAsync(ApiResponse response, IMediaStore store, CancellationToken cancellationToken)
    {
        var stream = await response.OpenBodyAsync(cancellationToken).ConfigureAwait(false);
        using var _ = stream;
        using var extractor = new Base64MediaExtractor(response.Settings.MaxJsonBytes, response.Settings.MaxMediaBytes, response.ContentLength, store.Expected, store);
        var buffer = ArrayPool<byte>.Shared.Rent(extractor.ChunkSize);
        try
        {
            int count;
            while ((count = await stream.ReadAsync(buffer.AsMemory(), cancellationToken).ConfigureAwait(false)) > 0)
            {
                for (var consumed = 0; consumed < count;)
                {
                    consumed += extractor.Feed(buffer.AsSpan(consumed, count - consumed));
                    await extractor.FlushAsync(cancellationToken).ConfigureAwait(false);
                }
            }

            return extractor.Complete();
        }
        catch (Exception)
        {
            response.Recover(extractor.RemainingJson);
            throw;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
