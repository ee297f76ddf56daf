using System.Buffers;
using System.Globalization;
using System.Text.Json;
using ImageApi.Client.Http;
using ImageApi.Client.Serialization;

namespace ImageApi.Client.Media;

/// <summary>
/// A JSON answer without its base64 texts: they were decoded while it was read, and short marks stand in their places.
/// A mark that a server invents can only lead to that answer's own media.
/// </summary>
internal sealed class LiftedJson(JsonDocument document, IReadOnlyList<LiftedMedia> media, byte[] text, int length) : IDisposable
{
    /// <summary>A server cannot guess it: no text of its own passes for a mark.</summary>
    private static readonly string MarkPrefix = "lifted-" + Guid.NewGuid().ToString("N") + ":";

    /// <summary>What it was read from; null for a text that came from nowhere.</summary>
    private ApiAnswer? _answer;

    public JsonElement Root => document.RootElement;

    private ReadOnlySpan<byte> Text => text.AsSpan(0, length);

    public bool HasBroken => media.Any(static item => item.IsBroken);

    /// <summary>Gets the media that no reader has claimed, in case they stood where nobody looked: they were paid for. What the server repeats of the request is not among them.</summary>
    public IEnumerable<LiftedMedia> Unclaimed => media.Where(static item => item is { Claimed: false, IsEcho: false });

    /// <summary>Makes a text of the answer fit to be shown.</summary>
    public string? Clean(string? text) => _answer is null ? Redactor.Clean(text, key: null) : _answer.Clean(text);

    public static string Mark(int index) => MarkPrefix + index.ToString(CultureInfo.InvariantCulture);

    /// <summary>Finds the media that a mark stands for.</summary>
    public LiftedMedia? Claim(string? mark)
    {
        if (mark?.StartsWith(MarkPrefix, StringComparison.Ordinal) != true
            || !int.TryParse(mark.Substring(MarkPrefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var index)
            || index >= media.Count)
        {
            return null;
        }

        media[index].Claimed = true;
        return media[index];
    }

    public void Dispose()
    {
        document.Dispose();
        ArrayPool<byte>.Shared.Return(text);
    }

    /// <summary>Reads the error that an element has; its texts come to the caller's eyes, and into exceptions.</summary>
    public GenerationError? ReadError(JsonElement element) => element.TryFind("error", out var told) && ErrorReader.ReadValue(told) is { } error
        ? new GenerationError { Message = Clean(error.Message), Code = Clean(error.Code), Type = Clean(error.Type) }
        : null;

    /// <summary>Reads an open word that is fit to be shown: whatever prints a result prints its words.</summary>
    public string? Word(JsonElement element, params ReadOnlySpan<string> names) => Clean(element.Word(names)) is { } word && OpenWord.IsWord(word) ? word : null;

    /// <summary>Reads an answer, decoding base64 texts on the way, and makes something of it. It lives no longer than the call of <paramref name="read"/>.</summary>
    /// <param name="answer">The answer.</param>
    /// <param name="store">Where the media go; null to keep them in memory.</param>
    /// <param name="read">Makes something of it.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    public static async ValueTask<T> ReadAsync<T>(ApiAnswer answer, IMediaStore? store, Func<LiftedJson, ApiAnswer, T> read, CancellationToken cancellationToken)
    {
        using var json = await LiftAsync(answer, store ?? new MemoryStore(answer.Settings.MaxMediaBytes), cancellationToken).ConfigureAwait(false);
        json._answer = answer;
        try
        {
            return read(json, answer);
        }
        catch (Exception)
        {
            answer.Keep(json.Text);
            throw;
        }
    }

    private static async ValueTask<LiftedJson> LiftAsync(ApiAnswer answer, IMediaStore store, CancellationToken cancellationToken)
    {
        var stream = await answer.OpenAsync(cancellationToken).ConfigureAwait(false);
        using var _ = stream;
        using var lifter = new MediaLifter(answer.Settings.MaxJsonBytes, answer.Settings.MaxMediaBytes, answer.ContentLength, store.Expected, store);
        var buffer = ArrayPool<byte>.Shared.Rent(lifter.ChunkSize);
        try
        {
            int count;
            while ((count = await stream.ReadAsync(buffer.AsMemory(), cancellationToken).ConfigureAwait(false)) > 0)
            {
                for (var taken = 0; taken < count;)
                {
                    taken += lifter.Feed(buffer.AsSpan(taken, count - taken));
                    await lifter.FlushAsync(cancellationToken).ConfigureAwait(false);
                }
            }

            return lifter.Complete();
        }
        catch (Exception)
        {
            answer.Keep(lifter.KeptText);
            throw;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
