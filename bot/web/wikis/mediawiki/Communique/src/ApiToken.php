<?php

namespace MediaWiki\Extension\Communique;

use ApiBase;
use ApiMain;
use MediaWiki\Http\HttpRequestFactory;
use Wikimedia\ParamValidator\ParamValidator;

/**
 * `action=communiquetoken`: an embed token for whoever may read this wiki, made with the key of its configuration.
 */
class ApiToken extends ApiBase {
	private HttpRequestFactory $requests;

	public function __construct( ApiMain $main, string $name, HttpRequestFactory $requests ) {
		parent::__construct( $main, $name );
		$this->requests = $requests;
	}

	/** @inheritDoc */
	public function execute() {
		$config = $this->getConfig();
		$key = $config->get( 'CommuniqueKey' );
		// MediaWiki itself refuses whoever may not read the wiki; this also holds up one who asks without end.
		if ( $key === '' || $this->getUser()->pingLimiter( 'communique' ) ) {
			$this->dieWithError( 'communique-no-token', 'communique-no-token' );
		}
		$body = [
			'origin' => $this->origin( $config->get( 'Server' ) ),
			'questions' => (int)$config->get( 'CommuniqueQuestions' ),
			'visitor' => $this->visitor( $key ),
		];
		$request = $this->requests->create(
			rtrim( $config->get( 'CommuniqueServer' ), '/' ) . '/api/v1/tokens',
			[ 'method' => 'POST', 'postData' => json_encode( $body ), 'timeout' => 10 ],
			__METHOD__
		);
		$request->setHeader( 'Content-Type', 'application/json' );
		$request->setHeader( 'Authorization', "Bearer $key" );
		$done = $request->execute()->isOK();
		$token = $done ? ( json_decode( $request->getContent(), true )['token'] ?? null ) : null;
		if ( !is_string( $token ) ) {
			wfLogWarning( 'Communique made no token: status ' . $request->getStatus() );
			$this->dieWithError( 'communique-no-token', 'communique-no-token' );
		}
		$this->getResult()->addValue( null, 'token', $token );
	}

	/** A person who is logged in, or else this browser; the chat server learns neither name. */
	private function visitor( string $key ): string {
		$user = $this->getUser();
		$who = $user->isRegistered() ? "user {$user->getId()}" : 'browser ' . $this->getParameter( 'visitor' );
		return hash_hmac( 'sha256', $who, $key );
	}

	/** Of this wiki's pages: scheme, host and port of `$wgServer`, which may lack the scheme. */
	private function origin( string $server ): string {
		$parts = parse_url( wfExpandUrl( $server, PROTO_CURRENT ) );
		return "{$parts['scheme']}://{$parts['host']}" . ( isset( $parts['port'] ) ? ":{$parts['port']}" : '' );
	}

	/** @inheritDoc */
	public function mustBePosted() {
		return true;
	}

	/** @inheritDoc */
	public function getAllowedParams() {
		return [
			'visitor' => [ ParamValidator::PARAM_TYPE => 'string', ParamValidator::PARAM_REQUIRED => true ],
		];
	}
}
