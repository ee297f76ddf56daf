using System.Reflection;

namespace ImageApi.Client.Tests.Support;

/// <summary>Everything that a result or an exception of the library says by itself, in a log or a debugger.</summary>
internal static class Spoken
{
    public static IEnumerable<(string Place, string? Text)> Of(object thing) => thing switch
    {
        Exception error => OfError(error),
        Job job => [Text(job), Text(job.Status), Text(job.Output), Text(job.Error), .. job.Output.All.SelectMany(OfMedium), ("Job.RequestId", job.RequestId)],
        ImageResult result => 
        [
            Text(result), Text(result.Size), Text(result.Quality), Text(result.OutputFormat), Text(result.Background), Text(result.Usage),
            .. result.Images.SelectMany(OfMedium), ("ImageResult.RequestId", result.RequestId),
        ],
        UploadedFile file => [Text(file), Text(file.Kind), Text(file.Purpose), ("UploadedFile.RequestId", file.RequestId)],
        SavedMedia saved => [Text(saved), .. OfMedium(saved.Media)],
        _ => [Text(thing)],
    };

    private static IEnumerable<(string Place, string? Text)> OfError(Exception error)
    {
        yield return Text(error);
        foreach (var key in error.Data.Keys)
        {
            yield return ("Exception.Data", $"{key}={error.Data[key]}");
        }

        foreach (var property in error.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            if (property.GetValue(error) is not { } value || value is Exception)
            {
                continue;
            }

            foreach (var spoken in value is Job ? Of(value) : [($"{error.GetType().Name}.{property.Name}", value.ToString())])
            {
                yield return spoken;
            }
        }

        if (error.InnerException is { } inner)
        {
            foreach (var spoken in OfError(inner))
            {
                yield return spoken;
            }
        }
    }

    private static IEnumerable<(string Place, string? Text)> OfMedium(GeneratedMedia medium) =>
        [Text(medium), Text(medium.Error), ("GenerationError", $"{medium.Error?.Message} {medium.Error?.Code} {medium.Error?.Type}")];

    private static (string Place, string? Text) Text(object? thing) => ($"{thing?.GetType().Name}.ToString()", thing?.ToString());
}
