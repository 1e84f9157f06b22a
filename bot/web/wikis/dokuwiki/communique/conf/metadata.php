<?php

$meta['server'] = ['string', '_pattern' => '~^(https?://[^\s"\'<>]+)?$~'];
$meta['key'] = ['password', '_code' => 'plain'];
$meta['questions'] = ['numeric', '_min' => 1, '_max' => 1000];
