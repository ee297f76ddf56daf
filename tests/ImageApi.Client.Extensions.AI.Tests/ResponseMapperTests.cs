using System.Text.Json;

namespace ImageApi.Client.Extensions.AI.Tests;

/// <summary>Whatever was paid for comes through, in the best shape there is for it.</summary>
public sealed class ResponseMapperTests
{
    private static readonly byte[] Bytes = [1, 2, 3];

    [Fact]
    public async Task Raw_representation_is_the_client_result()
    {
        var result = new ImageResult { Images = [new GeneratedMedia { Url = "https://example.com/fox.png" }] };

        var response = await SubstituteGenerators.Returning(result).GenerateImagesAsync("fox");

        Assert.Same(result, response.RawRepresentation);
        Assert.Same(result.Images[0], response.Contents[0].RawRepresentation);
    }

    [Theory]
    [InlineData("https://example.com/fox", "image/webp", null, "image/webp")]
    [InlineData("https://example.com/fox", null, "jpeg", "image/jpeg")]
    [InlineData("https://example.com/fox", null, "jpg", "image/jpeg")]
    [InlineData("https://example.com/fox.png", null, null, "image/png")]
    [InlineData("https://example.com/fox", null, null, "image/*")]
    [InlineData("https://example.com/fox", "image/webp; quality=1", null, "image/webp")]
    [InlineData("https://example.com/fox", "png", null, "image/*")]
    [InlineData("https://example.com/fox", "no type/at all", "webp", "image/webp")]
    [InlineData("https://example.com/fox", null, "no word", "image/*")]
    public async Task Media_type_of_a_URL_is_the_best_known_type(string url, string? mimeType, string? format, string expected)
    {
        var result = new ImageResult { Images = [new GeneratedMedia { Url = url, MimeType = mimeType }], OutputFormat = format is null ? null : new ImageOutputFormat(format) };

        var response = await SubstituteGenerators.Returning(result).GenerateImagesAsync("fox");

        Assert.Equal(expected, Assert.IsType<UriContent>(response.Contents[0]).MediaType);
    }

    [Theory]
    [InlineData("image/webp", "image/webp")]
    [InlineData(null, "image/*")]
    [InlineData("png", "image/*")]
    public async Task Media_type_of_bytes_is_the_best_known_type(string? mimeType, string expected)
    {
        var content = Assert.IsType<DataContent>(await SubstituteGenerators.GenerateContentAsync(new GeneratedMedia { Data = Bytes, MimeType = mimeType }));

        Assert.Equal(expected, content.MediaType);
        Assert.Equal(Bytes, content.Data.ToArray());
    }

    [Fact]
    public async Task Bytes_are_preferred_over_a_URL_by_default() =>
        Assert.IsType<DataContent>(await SubstituteGenerators.GenerateContentAsync(new GeneratedMedia { Data = Bytes, Url = "https://example.com/fox.png" }));

    [Fact]
    public async Task URL_is_preferred_over_bytes_with_Uri_format() => Assert.IsType<UriContent>(await SubstituteGenerators.GenerateContentAsync(
        new GeneratedMedia { Data = Bytes, Url = "https://example.com/fox.png" }, ImageGenerationResponseFormat.Uri));

    [Fact]
    public async Task URL_is_returned_when_data_is_unavailable() => Assert.IsType<UriContent>(await SubstituteGenerators.GenerateContentAsync(
        new GeneratedMedia { Url = "https://example.com/fox.png" }, ImageGenerationResponseFormat.Data));

    [Theory]
    [InlineData("data:image/svg+xml,%3Csvg/%3E", "image/svg+xml")]
    [InlineData("data:,fox", "image/*")]
    public async Task Data_URL_is_returned_as_DataContent(string url, string mediaType) =>
        Assert.Equal(mediaType, Assert.IsType<DataContent>(await SubstituteGenerators.GenerateContentAsync(new GeneratedMedia { Url = url })).MediaType);

    [Theory]
    [InlineData("data:nonsense")]
    [InlineData("data:image/png;base64,###")]
    [InlineData("https://[broken")]
    public async Task Invalid_URL_is_kept_as_raw_representation(string url)
    {
        var media = new GeneratedMedia { Url = url };

        Assert.Same(media, (await SubstituteGenerators.GenerateContentAsync(media)).RawRepresentation);
    }

    [Fact]
    public async Task Failed_image_is_ErrorContent_next_to_the_others()
    {
        var result = new ImageResult
        {
            Images = [new GeneratedMedia { Url = "https://example.com/fox.png" }, new GeneratedMedia { Error = new GenerationError { Message = "too dark", Code = "dark", Type = "taste" } }],
        };

        var response = await SubstituteGenerators.Returning(result).GenerateImagesAsync("fox");

        var error = Assert.IsType<ErrorContent>(response.Contents[1]);
        Assert.Equal(("too dark", "dark", "taste"), (error.Message, error.ErrorCode, error.Details));
        Assert.IsType<UriContent>(response.Contents[0]);
    }

    [Fact]
    public async Task Image_metadata_is_returned_as_additional_properties()
    {
        var expires = DateTimeOffset.UnixEpoch;
        var content = await SubstituteGenerators.GenerateContentAsync(new GeneratedMedia
        {
            Url = "https://example.com/fox.png",
            RevisedPrompt = "a very red fox",
            Width = 640,
            Height = 480,
            ExpiresAt = expires,
            JobId = "job_1",
            AdditionalProperties = new Dictionary<string, JsonElement> { ["seed"] = JsonDocument.Parse("7").RootElement },
        });

        var metadata = content.AdditionalProperties!;
        Assert.Equal(
            ("a very red fox", 640, 480, expires, "job_1", 7),
            (metadata["revised_prompt"], metadata["width"], metadata["height"], metadata["expires_at"], metadata["job_id"], ((JsonElement)metadata["seed"]!).GetInt32()));
    }

    [Fact]
    public async Task Every_media_kind_of_a_job_is_returned()
    {
        var job = new Job
        {
            Id = "job_1",
            State = JobState.Succeeded,
            Output = new JobOutput
            {
                Images = [new GeneratedMedia { Kind = MediaKind.Image, Url = "https://example.com/a" }],
                Videos = [new GeneratedMedia { Kind = MediaKind.Video, Url = "https://example.com/b" }],
                Audio = [new GeneratedMedia { Kind = MediaKind.Audio, Data = Bytes }],
            },
        };

        var response = await SubstituteGenerators.Returning(job).GenerateImagesAsync("fox");

        Assert.Same(job, response.RawRepresentation);
        Assert.Equal(["image/*", "video/*", "audio/*"], response.Contents.Select(static content => content is UriContent uriContent ? uriContent.MediaType : ((DataContent)content).MediaType));
    }

    [Fact]
    public async Task Job_without_known_media_is_the_raw_representation()
    {
        var job = new Job { Id = "job_1", State = JobState.Succeeded };

        var response = await SubstituteGenerators.Returning(job).GenerateImagesAsync("fox");

        Assert.Empty(response.Contents);
        Assert.Same(job, response.RawRepresentation);
    }

    [Theory]
    [InlineData("""{ "input_tokens": 70, "output_tokens": 100, "total_tokens": 170, "input_tokens_details": { "text_tokens": 6, "image_tokens": 64 } }""", 70L, 64L)]
    [InlineData("""{ "input_tokens": 70, "input_tokens_details": "none" }""", 70L, null)]
    [InlineData("""{ "input_tokens": "seventy" }""", null, null)]
    public async Task Job_usage_is_mapped_from_the_response(string json, long? input, long? images)
    {
        var job = new Job { Id = "job_1", AdditionalProperties = new Dictionary<string, JsonElement> { ["usage"] = JsonDocument.Parse(json).RootElement } };

        var usage = (await SubstituteGenerators.Returning(job).GenerateImagesAsync("fox")).Usage!;

        Assert.Equal((input, images), (usage.InputTokenCount, usage.AdditionalCounts?["InputTokenDetails.ImageTokenCount"]));
    }

    [Fact]
    public async Task Usage_is_null_when_the_response_has_none() => Assert.Null((await SubstituteGenerators.Returning(new Job { Id = "job_1" }).GenerateImagesAsync("fox")).Usage);
}
